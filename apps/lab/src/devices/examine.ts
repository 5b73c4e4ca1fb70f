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

/** All that is known about this browser's devices. */
export interface DeviceFindings {
  /** Undefined where pages get no devices at all: not a secure context, or the browser has no such API. */
  readonly devices: readonly ListedDevice[] | undefined
  readonly secure: boolean
  readonly permissions: Permissions
  /** Those that were opened for a moment. */
  readonly tried: readonly TriedDevice[]
}

/** The list as it is now; undefined where pages get none. */
export async function listDevices(): Promise<readonly ListedDevice[] | undefined> {
  const found = await mediaDevices()?.enumerateDevices()
  return found?.map(listed)
}

/** What the browser says it would answer; `unknown` where it does not say. */
export async function askPermissions(): Promise<Permissions> {
  const of = async (name: string): Promise<Permission> => {
    try {
      return (await navigator.permissions.query({ name: name as PermissionName })).state
    } catch {
      return 'unknown' // This browser does not tell about this one.
    }
  }
  const [microphone, camera] = await Promise.all([of('microphone'), of('camera')])
  return { microphone, camera }
}

export interface ExamineOptions {
  /** Whether the person may be asked; without it only what is allowed already is opened. */
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
  // Names come with the permission.
  return tell({ devices: await listDevices(), secure, permissions: await askPermissions(), tried })
}

/** Chromium lists the system's choice twice; it is opened once. */
const isTwin = ({ deviceId }: ListedDevice) => deviceId === 'default' || deviceId === 'communications'
