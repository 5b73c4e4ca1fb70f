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
 * old ones have it in part. Empty where there can be calls.
 *
 * @example missingWebRtc() // ['RTCPeerConnection.restartIce']
 */
export function missingWebRtc(scope: object = globalThis): readonly string[] {
  return Object.entries(needed).flatMap(([name, methods]) => {
    const found: unknown = Reflect.get(scope, name)
    if (typeof found !== 'function') return [name]
    return methods.filter(method => typeof found.prototype?.[method] !== 'function').map(method => `${name}.${method}`)
  })
}
