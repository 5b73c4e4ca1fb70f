import { expect, test } from 'vitest'
import { webRtcGaps } from './web-rtc.ts'

function classWith(...methods: readonly string[]) {
  return Object.assign(() => {}, { prototype: Object.fromEntries(methods.map(name => [name, () => {}])) })
}

const connection = [
  'addTransceiver',
  'getTransceivers',
  'createDataChannel',
  'setLocalDescription',
  'restartIce',
  'getStats',
]
const sender = ['replaceTrack', 'getParameters', 'setParameters']

test('a browser with all that calls need lacks nothing', () => {
  const scope = { RTCPeerConnection: classWith(...connection), RTCRtpSender: classWith(...sender) }
  expect(webRtcGaps(scope)).toEqual([])
})

test('what an old one lacks has its name', () => {
  expect(webRtcGaps({})).toEqual(['RTCPeerConnection', 'RTCRtpSender'])
  const scope = {
    RTCPeerConnection: classWith(...connection.filter(name => name !== 'addTransceiver')),
    RTCRtpSender: classWith('getParameters', 'setParameters'),
  }
  expect(webRtcGaps(scope)).toEqual(['RTCPeerConnection.addTransceiver', 'RTCRtpSender.replaceTrack'])
})
