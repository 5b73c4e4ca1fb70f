import { afterEach, expect, test, vi } from 'vitest'
import type { OutgoingTrack } from '../room/media-plane.ts'
import { fakeTrack } from '../testing/fake-media.ts'
import { askForDtx, planSound, preferRed } from './sound.ts'

afterEach(() => vi.unstubAllGlobals())

function outgoing(source: OutgoingTrack['source'], options: OutgoingTrack['options'] = {}, contentHint = '') {
  const carrier = Object.assign(fakeTrack('audio'), { contentHint })
  return { source, id: 'a', streams: [], carrier, track: carrier, options }
}

test.each([
  ['a microphone', outgoing('microphone'), { red: true, dtx: true }],
  ['one that says it is a voice', outgoing('microphone', {}, 'speech'), { red: true, dtx: true }],
  ['music', outgoing('microphone', {}, 'music'), { red: false, dtx: false }],
  ['music that is to be protected', outgoing('microphone', { red: true }, 'music'), { red: true, dtx: false }],
  ['the sound of a screen', outgoing('screen-audio'), { red: false, dtx: false }],
  ['a microphone without both', outgoing('microphone', { red: false, dtx: false }), { red: false, dtx: false }],
])('%s', (_, track, plan) => {
  expect(planSound(track)).toEqual(plan)
})

function capabilities(...names: readonly string[]) {
  vi.stubGlobal('RTCRtpSender', {
    getCapabilities: () => ({ codecs: names.map(name => ({ mimeType: `audio/${name}` })) }),
  })
}

test('RED comes first in an offer, and the others stay in their order; a browser without it is left alone', () => {
  const setCodecPreferences = vi.fn()
  const transceiver = { setCodecPreferences } as unknown as RTCRtpTransceiver
  capabilities('opus', 'red', 'G722')
  preferRed(transceiver)
  expect(setCodecPreferences.mock.calls).toEqual([
    [[{ mimeType: 'audio/red' }, { mimeType: 'audio/opus' }, { mimeType: 'audio/G722' }]],
  ])
  capabilities('opus', 'G722')
  preferRed(transceiver)
  expect(setCodecPreferences).toHaveBeenCalledOnce()
})

const answer = (...fmtp: readonly string[]) =>
  [
    'v=0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 63 111 0',
    'a=mid:0',
    'a=rtpmap:63 red/48000/2',
    'a=rtpmap:111 opus/48000/2',
    ...fmtp,
    'a=fmtp:63 111/111',
    'm=audio 9 UDP/TLS/RTP/SAVPF 109',
    'a=mid:1',
    'a=rtpmap:109 opus/48000/2',
    'a=fmtp:109 usedtx=0;stereo=1',
    '',
  ].join('\r\n')

test.each([
  ['a=fmtp:111 minptime=10;useinbandfec=1', 'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1'],
  ['a=fmtp:111 usedtx=0;useinbandfec=1', 'a=fmtp:111 useinbandfec=1;usedtx=1'],
  [undefined, 'a=fmtp:111 usedtx=1'],
])('DTX is asked for in the sections of voices, and nothing else changes: %s', (before, after) => {
  expect(askForDtx(answer(...(before ? [before] : [])), new Set(['0', '7']))).toBe(answer(after))
  expect(askForDtx(answer('a=fmtp:111 x=1'), new Set())).toBe(answer('a=fmtp:111 x=1'))
})

test('a section without Opus is left as it is', () => {
  const sdp = answer().replaceAll('opus', 'PCMU')
  expect(askForDtx(sdp, new Set(['0', '1']))).toBe(sdp)
})
