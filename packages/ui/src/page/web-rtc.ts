import { missingWebRtc as findMissing } from '@parley/client'

/** What this browser lacks of what calls need, as the standard names it. */
export const missingWebRtc = findMissing()

/** Whether this browser can be in a call at all. */
export const hasWebRtc = missingWebRtc.length === 0

/** The devices that pages get; undefined where they get none: the page is not secure, or the browser has no such API. */
export function mediaDevices(): MediaDevices | undefined {
  const devices = navigator.mediaDevices as MediaDevices | undefined
  return typeof devices?.getUserMedia === 'function' ? devices : undefined
}
