import { fromHex } from '@parley/bytes'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  channelDataLength,
  channelHeaderLength,
  channelNumber,
  channelPadding,
  isChannelByte,
  putChannelHeader,
} from './channel-data.ts'

test('what is put is read, anywhere in a slab, with and without padding', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0x4000, max: 0x7fff }), fc.nat(2000), fc.nat(50), (channel, length, start) => {
      const slab = new Uint8Array(3000)
      putChannelHeader(slab, start, channel, length)
      const end = start + channelHeaderLength + length
      expect(channelNumber(slab, start)).toBe(channel)
      expect(channelDataLength(slab, start, end)).toBe(length)
      expect(channelDataLength(slab, start, end + channelPadding(length))).toBe(length)
      if (length > 0) expect(channelDataLength(slab, start, end - 1)).toBe(-1)
    }),
  )
})

test.each([
  ['empty', '', -1],
  ['half a header', '4000 00', -1],
  ['no data', '4000 0000', 0],
  ['a lying length', '4000 0005 01020304', -1],
  ['the largest lie', '4fff ffff 01020304', -1],
  ['STUN', '0001 0000', -1],
  ['RTP', '8000 0000', -1],
  ['padding', '4000 0001 01000000', 1],
  ['a channel of RFC 5766', '7fff 0001 01', 1],
])('%s', (_, hex, length) => {
  const bytes = fromHex(hex)
  expect(channelDataLength(bytes, 0, bytes.length)).toBe(length)
})

test('all channels of RFC 5766 are read, and nothing else', () => {
  const numbers = Array.from({ length: 0x10000 }, (_, number) => number)
  expect(numbers.filter(number => isChannelByte(number >> 8))).toEqual(numbers.slice(0x4000, 0x8000))
})

test.each([
  [0, 0],
  [1, 3],
  [2, 2],
  [3, 1],
  [4, 0],
  [65535, 1],
])('%i bytes take %i of padding', (length, padding) => {
  expect(channelPadding(length)).toBe(padding)
})
