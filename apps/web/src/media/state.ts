import type { ClientErrorCode } from '@parley/client'

export type InputKind = 'microphone' | 'camera'
export type MediaErrorCode = Extract<ClientErrorCode, `media-${string}`>

/** What a microphone or a camera is doing. Only a microphone can be `muted`: a camera that is off is released. */
export type InputState =
  | { readonly status: 'off' }
  | { readonly status: 'asking' }
  | { readonly status: 'on'; readonly track: MediaStreamTrack; readonly deviceId: string; readonly label: string }
  | { readonly status: 'muted'; readonly track: MediaStreamTrack; readonly deviceId: string; readonly label: string }
  | { readonly status: 'failed'; readonly code: MediaErrorCode; readonly deviceLabel: string | undefined }

export interface Device {
  readonly id: string
  /** Empty until the person has allowed microphone or camera once. */
  readonly label: string
}

export interface DeviceLists {
  readonly microphone: readonly Device[]
  readonly camera: readonly Device[]
  readonly speaker: readonly Device[]
}

/** The open track, whether it is sent or not. */
export function trackOf(state: InputState): MediaStreamTrack | undefined {
  return state.status === 'on' || state.status === 'muted' ? state.track : undefined
}

/** The id of the device in use. */
export function deviceIdOf(state: InputState): string | undefined {
  return state.status === 'on' || state.status === 'muted' ? state.deviceId : undefined
}

const kinds = { microphone: 'audioinput', camera: 'videoinput', speaker: 'audiooutput' } as const

/**
 * The devices a person can tell apart. Until permission is granted browsers give no ids, so the lists are empty.
 * Chrome's duplicate `communications` entry is left out; its `default` entry stays.
 */
export function sortDevices(found: readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[]): DeviceLists {
  const of = (kind: MediaDeviceKind) =>
    found
      .filter(device => device.kind === kind && device.deviceId !== '' && device.deviceId !== 'communications')
      .map(device => ({ id: device.deviceId, label: device.label }))
  return { microphone: of(kinds.microphone), camera: of(kinds.camera), speaker: of(kinds.speaker) }
}
