import { type MicrophoneOptions, ParleyError } from '@parley/client'

/**
 * Opens microphone and camera with one permission prompt instead of two.
 * @throws {ParleyError} `media-denied` and `media-dismissed` apply to both. Any other error does not say which of the
 * two failed: open them one by one.
 */
export async function openBoth(
  deviceIds: Readonly<{ microphone: string | undefined; camera: string | undefined }>,
  sound: Pick<MicrophoneOptions, 'echoCancellation' | 'noiseSuppression' | 'autoGainControl'>,
): Promise<{ readonly microphone: MediaStreamTrack | undefined; readonly camera: MediaStreamTrack | undefined }> {
  const stream = await ask({
    audio: { ...rather(deviceIds.microphone), ...sound },
    video: {
      ...rather(deviceIds.camera),
      facingMode: { ideal: 'user' },
      width: { ideal: 1280 },
      height: { ideal: 720 },
      frameRate: { ideal: 30 },
    },
  })
  return { microphone: stream.getAudioTracks()[0], camera: stream.getVideoTracks()[0] }
}

const rather = (deviceId: string | undefined) => (deviceId === undefined ? {} : { deviceId: { ideal: deviceId } })

async function ask(constraints: MediaStreamConstraints): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia(constraints)
  } catch (cause) {
    if (!(cause instanceof DOMException) || cause.name !== 'NotAllowedError') throw cause
    throw new ParleyError((await refusedForGood()) ? 'media-denied' : 'media-dismissed', undefined, { cause })
  }
}

/** Whether the permission is denied for good, so that the browser would refuse again without asking. */
async function refusedForGood(): Promise<boolean> {
  return (await permissionOf('microphone')) === 'denied' || (await permissionOf('camera')) === 'denied'
}

/** The current permission state; undefined if the browser does not reveal it. */
export async function permissionOf(kind: 'microphone' | 'camera'): Promise<PermissionState | undefined> {
  try {
    return (await navigator.permissions.query({ name: kind as PermissionName })).state
  } catch {
    return undefined // Not every browser supports these permission names.
  }
}
