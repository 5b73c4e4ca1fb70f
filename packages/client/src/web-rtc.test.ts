import { expect, test } from 'vitest'
import { missingWebRtc } from './web-rtc.ts'

/** A browser's class with everything but these methods. */
function classWithout(...absent: readonly string[]) {
  const prototype = new Proxy({}, { get: (_, name) => (absent.includes(String(name)) ? undefined : () => {}) })
  return Object.assign(() => {}, { prototype })
}

test('a browser with all that calls need lacks nothing', () => {
  expect(missingWebRtc({ RTCPeerConnection: classWithout(), RTCRtpSender: classWithout() })).toEqual([])
})

test('what an old one lacks has its name', () => {
  expect(missingWebRtc({})).toEqual(['RTCPeerConnection', 'RTCRtpSender'])
  const scope = { RTCPeerConnection: classWithout('addTransceiver'), RTCRtpSender: classWithout('replaceTrack') }
  expect(missingWebRtc(scope)).toEqual(['RTCPeerConnection.addTransceiver', 'RTCRtpSender.replaceTrack'])
})
