import { missingWebRtc as findMissing } from '@parley/client'

/** The APIs that calls need and this browser lacks, by their names in the standard. */
export const missingWebRtc = findMissing()

/** Whether this browser supports calls at all. */
export const hasWebRtc = missingWebRtc.length === 0

/** `navigator.mediaDevices`; undefined if the page is not secure or the browser lacks the API. */
export function mediaDevices(): MediaDevices | undefined {
  const devices = navigator.mediaDevices as MediaDevices | undefined
  return typeof devices?.getUserMedia === 'function' ? devices : undefined
}
