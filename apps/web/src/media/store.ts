import { changeSettings, type DeviceKind, useSettings } from '@parley/ui/page'
import { create } from 'zustand'
import { type DeviceLists, deviceIdOf, type InputKind, type InputState } from './state.ts'

export type Permission = PermissionState | 'unknown'

/** The current state of the local devices, for rendering. `media.ts` changes it. */
export interface MediaStore {
  readonly microphone: InputState
  readonly camera: InputState
  /** The chosen output; undefined = the system's default. */
  readonly speaker: string | undefined
  /** Updated as devices are plugged in and out. */
  readonly devices: DeviceLists
  readonly permissions: Readonly<Record<InputKind, Permission>>
}

export const useMedia = create<MediaStore>()(() => ({
  microphone: { status: 'off' },
  camera: { status: 'off' },
  speaker: useSettings.getState().devices.speaker,
  devices: { microphone: [], camera: [], speaker: [] },
  permissions: { microphone: 'unknown', camera: 'unknown' },
}))

/** Remembers a choice for next time. */
export function rememberDevice(kind: DeviceKind, id: string): void {
  changeSettings({ devices: { ...useSettings.getState().devices, [kind]: id } })
}

/** The id of the device in use, for pickers. */
export function useDeviceId(kind: DeviceKind): string | undefined {
  return useMedia(media => {
    if (kind === 'speaker') return media.speaker
    return deviceIdOf(media[kind]) ?? useSettings.getState().devices[kind]
  })
}
