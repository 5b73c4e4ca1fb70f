/** What calls use of the classes that make them (WebRTC 1.0). */
const needed = {
  RTCPeerConnection: [
    'addTransceiver',
    'getTransceivers',
    'createDataChannel',
    'setLocalDescription',
    'restartIce',
    'getStats',
  ],
  RTCRtpSender: ['replaceTrack', 'getParameters', 'setParameters'],
} as const

/**
 * What a browser lacks of what calls need, as the standard names it: some are built without WebRTC, extensions take it away,
 * old ones have it in part. Empty: nothing.
 */
export function webRtcGaps(scope: object): readonly string[] {
  return Object.entries(needed).flatMap(([name, methods]) => {
    const found: unknown = Reflect.get(scope, name)
    if (typeof found !== 'function') return [name]
    return methods.filter(method => typeof found.prototype?.[method] !== 'function').map(method => `${name}.${method}`)
  })
}

export const missingWebRtc = webRtcGaps(globalThis)

/** Whether this browser can be in a call at all. */
export const hasWebRtc = missingWebRtc.length === 0

/** The devices that pages get; undefined where they get none: the page is not secure, or the browser has no such API. */
export function mediaDevices(): MediaDevices | undefined {
  const devices = navigator.mediaDevices as MediaDevices | undefined
  return typeof devices?.getUserMedia === 'function' ? devices : undefined
}
