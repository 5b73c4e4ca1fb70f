import { mediaDevices } from '@parley/ui/page'
import { type ListedDevice, listed } from './inventory.ts'
import { type Opening, openingLimitMs, tryDevice } from './opening.ts'

export type Permission = PermissionState | 'unknown'
export interface Permissions {
  readonly microphone: Permission
  readonly camera: Permission
}

export interface TriedDevice {
  readonly device: ListedDevice
  readonly opening: Opening
}

/** Everything known about this browser's devices. */
export interface DeviceFindings {
  /** Undefined if pages get no devices at all: not a secure context, or the browser lacks the API. */
  readonly devices: readonly ListedDevice[] | undefined
  readonly secure: boolean
  readonly permissions: Permissions
  /** The devices that were opened briefly as a test. */
  readonly tried: readonly TriedDevice[]
}

/** The current list of devices; undefined if pages get none. */
export async function listDevices(): Promise<readonly ListedDevice[] | undefined> {
  const found = await mediaDevices()?.enumerateDevices()
  return found?.map(listed)
}

/** The browser's permission states; `unknown` if it does not report one. */
export async function askPermissions(): Promise<Permissions> {
  const of = async (name: string): Promise<Permission> => {
    try {
      return (await navigator.permissions.query({ name: name as PermissionName })).state
    } catch {
      return 'unknown' // This browser cannot be queried for this permission.
    }
  }
  const [microphone, camera] = await Promise.all([of('microphone'), of('camera')])
  return { microphone, camera }
}

export interface ExamineOptions {
  /** Whether the person may be prompted; if not, only devices that are already allowed are opened. */
  readonly mayAsk: boolean
  readonly signal: AbortSignal
  readonly onChange?: (findings: DeviceFindings) => void
}

/** Lists the devices and opens each microphone and camera for a moment, one after the other. */
export async function examineDevices({ mayAsk, signal, onChange }: ExamineOptions): Promise<DeviceFindings> {
  const devices = await listDevices()
  const secure = globalThis.isSecureContext
  const before = await askPermissions()
  const permissionOf = ({ kind }: ListedDevice) => (kind === 'audioinput' ? before.microphone : before.camera)
  const allowed = (device: ListedDevice) => permissionOf(device) !== 'prompt' || mayAsk
  const tried: TriedDevice[] = []
  const tell = (now: DeviceFindings) => {
    onChange?.(now)
    return now
  }
  for (const device of devices ?? []) {
    if (device.kind === 'audiooutput' || isTwin(device) || !allowed(device)) continue
    const limitMs = permissionOf(device) === 'granted' ? openingLimitMs.allowed : openingLimitMs.asking
    tried.push({ device, opening: await tryDevice(device, limitMs, signal) })
    tell({ devices, secure, permissions: before, tried: [...tried] })
  }
  // Device names become visible once permission has been given, so list them again.
  return tell({ devices: await listDevices(), secure, permissions: await askPermissions(), tried })
}

/** Chromium lists the system's default devices twice; skip the duplicates so that each is opened once. */
const isTwin = ({ deviceId }: ListedDevice) => deviceId === 'default' || deviceId === 'communications'
