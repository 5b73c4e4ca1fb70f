import { expect, test } from 'vitest'
import { candidateFits, isPolite, shouldApply } from './negotiation.ts'

const states: RTCSignalingState[] = [
  'stable',
  'have-local-offer',
  'have-remote-offer',
  'have-local-pranswer',
  'have-remote-pranswer',
  'closed',
]
const applied = (type: RTCSdpType, polite: boolean) =>
  states.filter(signalingState => shouldApply({ type, signalingState, polite }))

test('of two offers that cross, exactly one is applied', () => {
  const crossed = (polite: boolean) => shouldApply({ type: 'offer', signalingState: 'have-local-offer', polite })
  expect([crossed(true), crossed(false)]).toEqual([true, false])
})

test('every type in every state', () => {
  expect(applied('offer', false)).toEqual(states.filter(state => state !== 'have-local-offer' && state !== 'closed'))
  expect(applied('offer', true)).toEqual(states.filter(state => state !== 'closed'))
  for (const polite of [true, false]) {
    expect(applied('answer', polite)).toEqual(['have-local-offer', 'have-remote-pranswer'])
    expect(applied('pranswer', polite)).toEqual(['have-local-offer', 'have-remote-pranswer'])
    expect(applied('rollback', polite)).toEqual(['have-remote-offer'])
  }
})

test('of a pair one is polite, whoever asks', () => {
  for (const [a, b] of [
    ['a', 'b'],
    ['10', '9'],
    ['x', 'xx'],
  ] as const) {
    expect(isPolite(a, b)).not.toBe(isPolite(b, a))
  }
})

test('a candidate belongs to the description whose fragment it names', () => {
  const sdp = 'v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:x\r\n'
  const candidate = (usernameFragment?: string | null) => ({ candidate: 'candidate:1', usernameFragment })
  expect(candidateFits(candidate('abcd') as RTCIceCandidateInit, sdp)).toBe(true)
  expect(candidateFits(candidate('abc') as RTCIceCandidateInit, sdp)).toBe(false)
  expect(candidateFits(candidate('old1') as RTCIceCandidateInit, sdp)).toBe(false)
  expect(candidateFits(candidate(null) as RTCIceCandidateInit, sdp)).toBe(true)
  expect(candidateFits(null, sdp)).toBe(true)
})
