/** A device as `enumerateDevices` lists it (W3C Media Capture §9.3). */
export interface ListedDevice {
  readonly kind: MediaDeviceKind
  /** Empty until the person has allowed this kind once. */
  readonly deviceId: string
  /** The same for all devices in one piece of hardware, such as a headset's microphone and speaker. */
  readonly groupId: string
  /** Empty until the person has allowed this kind once. */
  readonly label: string
}

export const deviceKinds = ['audioinput', 'videoinput', 'audiooutput'] as const satisfies readonly MediaDeviceKind[]

export function listed({ kind, deviceId, groupId, label }: ListedDevice): ListedDevice {
  return { kind, deviceId, groupId, label }
}

/** Devices in the same piece of hardware. */
export interface DeviceGroup {
  /** Empty if the browser gave none; each such device forms its own group. */
  readonly groupId: string
  readonly devices: readonly ListedDevice[]
}

/**
 * One group for each piece of hardware, in the order of the list. Chromium lists the system's default devices twice,
 * as `default` or `communications` and under their own ids; the group contains both.
 */
export function groupDevices(devices: readonly ListedDevice[]): readonly DeviceGroup[] {
  const groups = new Map<string, ListedDevice[]>()
  for (const [index, device] of devices.entries()) {
    const key = device.groupId === '' ? `alone ${index}` : device.groupId
    const known = groups.get(key)
    if (known) known.push(device)
    else groups.set(key, [device])
  }
  return [...groups.values()].map(together => ({ groupId: together[0]?.groupId ?? '', devices: together }))
}

/** The devices that came and went between two lists. Without ids, only the number of each kind can be compared. */
export interface DeviceChange {
  readonly added: readonly ListedDevice[]
  readonly removed: readonly ListedDevice[]
}

export function compareLists(before: readonly ListedDevice[], after: readonly ListedDevice[]): DeviceChange {
  return { added: surplus(after, before), removed: surplus(before, after) }
}

function surplus(some: readonly ListedDevice[], others: readonly ListedDevice[]): readonly ListedDevice[] {
  const left = new Map<string, number>()
  for (const device of others) left.set(keyOf(device), (left.get(keyOf(device)) ?? 0) + 1)
  return some.filter(device => {
    const count = left.get(keyOf(device)) ?? 0
    left.set(keyOf(device), count - 1)
    return count <= 0
  })
}

const keyOf = ({ kind, deviceId }: ListedDevice) => `${kind} ${deviceId}`

/** Whether only the names appeared, because permission was given: the number of each kind is the same. */
export function namesCame(before: readonly ListedDevice[], after: readonly ListedDevice[]): boolean {
  const hidden = (list: readonly ListedDevice[]) => list.some(({ deviceId }) => deviceId === '')
  return hidden(before) !== hidden(after)
}

/** How many devices of a kind there are, not counting the duplicates `default` and `communications`. */
export function countOf(devices: readonly ListedDevice[], kind: MediaDeviceKind): number {
  return devices.filter(
    device => device.kind === kind && device.deviceId !== 'default' && device.deviceId !== 'communications',
  ).length
}
