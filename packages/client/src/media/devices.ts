import { ParleyError } from '../error.ts'
import { type Device, mediaError } from './media-error.ts'
import type { CameraOptions, MicrophoneOptions, ScreenOptions, ScreenTracks } from './types.ts'

/**
 * Opens a microphone. The caller owns the track and stops it.
 * @throws {ParleyError} `media-…`: denied, dismissed, missing, busy, overconstrained, insecure, unsupported, failed.
 */
export async function createMicrophone(options: MicrophoneOptions = {}): Promise<MediaStreamTrack> {
  const { deviceId, echoCancellation = true, noiseSuppression = true, autoGainControl = true } = options
  const audio = { ...exactly(deviceId), echoCancellation, noiseSuppression, autoGainControl }
  const stream = await open('microphone', devices => devices.getUserMedia({ audio }))
  return onlyTrack(stream.getAudioTracks(), 'microphone')
}

/**
 * Opens a camera. The caller owns the track and stops it.
 * @throws {ParleyError} `media-…`, as {@link createMicrophone}.
 */
export async function createCamera(options: CameraOptions = {}): Promise<MediaStreamTrack> {
  const { deviceId, facingMode, width = 1280, height = 720, frameRate = 30 } = options
  const video = {
    ...exactly(deviceId),
    ...(facingMode && !deviceId && { facingMode: { ideal: facingMode } }),
    width: { ideal: width },
    height: { ideal: height },
    frameRate: { ideal: frameRate },
  }
  const stream = await open('camera', devices => devices.getUserMedia({ video }))
  return onlyTrack(stream.getVideoTracks(), 'camera')
}

/**
 * Lets the person choose a screen, window or tab to share; call it from a click. The caller owns the tracks.
 * @throws {ParleyError} `media-dismissed` when nothing was chosen; else as {@link createMicrophone}.
 */
export async function createScreen(options: ScreenOptions = {}): Promise<ScreenTracks> {
  const stream = await open('screen', devices => {
    if (!devices.getDisplayMedia) throw new ParleyError('media-unsupported', 'This browser cannot share a screen.')
    return devices.getDisplayMedia({ video: { frameRate: { ideal: 30 } }, audio: options.audio ?? false })
  })
  return { video: onlyTrack(stream.getVideoTracks(), 'screen'), audio: stream.getAudioTracks()[0] }
}

function exactly(deviceId: string | undefined): { deviceId?: ConstrainDOMString } {
  return deviceId ? { deviceId: { exact: deviceId } } : {}
}

async function open(device: Device, ask: (devices: MediaDevices) => Promise<MediaStream>): Promise<MediaStream> {
  const devices: MediaDevices | undefined = navigator.mediaDevices
  if (!devices) throw new ParleyError(isSecureContext ? 'media-unsupported' : 'media-insecure')
  try {
    return await ask(devices)
  } catch (error) {
    if (error instanceof ParleyError) throw error
    throw mediaError(error, { device, permission: await permission(device) })
  }
}

async function permission(device: Device): Promise<PermissionState | undefined> {
  const name = device === 'screen' ? 'display-capture' : device
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state
  } catch {
    return undefined // Not every browser knows these names. Then only the error itself tells.
  }
}

function onlyTrack(tracks: readonly MediaStreamTrack[], device: Device): MediaStreamTrack {
  const track = tracks[0]
  if (!track) throw new ParleyError('media-failed', `The browser gave no ${device} track.`)
  return track
}
