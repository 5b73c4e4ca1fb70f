import { expect, test } from 'vitest'
import { packetKindAt } from './packet-kind.ts'

test.each([
  [0, 3, 'stun'],
  [4, 15, undefined],
  [16, 19, 'zrtp'],
  [20, 63, 'dtls'],
  [64, 127, 'channel-data'],
  [128, 191, 'rtp'],
  [192, 255, undefined],
] as const)('first bytes %i to %i are %s', (first, last, kind) => {
  for (let byte = first; byte <= last; byte++) expect(packetKindAt(Uint8Array.of(byte), 0, 1)).toBe(kind)
})

test('an empty packet is of no kind', () => {
  const bytes = new Uint8Array([0x80, 0x00])
  expect(packetKindAt(bytes, 0, 2)).toBe('rtp')
  expect(packetKindAt(bytes, 1, 2)).toBe('stun')
  expect(packetKindAt(bytes, 1, 1)).toBeUndefined()
})
