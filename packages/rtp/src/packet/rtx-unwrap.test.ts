import { fromHex } from '@parley/bytes'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RtpPacket } from './rtp-packet.ts'
import { originalSequenceNumber, restoreOriginal } from './rtx.ts'
import { SequenceUnwrapper, TimestampUnwrapper, timestampDistance } from './unwrap.ts'

test('a retransmission becomes what was lost (RFC 4588 §4)', () => {
  const bytes = fromHex('ffffffff 80e1 0007 0a0b0c0d 22222222 1234 c0ffee')
  const packet = new RtpPacket()
  expect(packet.parse(bytes, 4, bytes.length)).toBe(true)
  expect(originalSequenceNumber(packet)).toBe(0x1234)
  expect(restoreOriginal(packet, 0x11111111, 96)).toBe(true)
  expect(packet).toMatchObject({
    sequenceNumber: 0x1234,
    ssrc: 0x11111111,
    payloadType: 96,
    payloadLength: 3,
    marker: true,
  })
})

test.each(['', 'aa', '000003'])('an RTX packet with payload "%s" brings nothing back', payload => {
  const bytes = fromHex(`${payload === '000003' ? 'a0' : '80'}60 0007 00000000 22222222 ${payload}`)
  const packet = new RtpPacket()
  expect(packet.parse(bytes, 0, bytes.length)).toBe(true)
  expect(originalSequenceNumber(packet)).toBe(-1)
  expect(restoreOriginal(packet, 1, 96)).toBe(false)
  expect(packet).toMatchObject({ ssrc: 0x22222222, sequenceNumber: 7 })
})

test.each([
  ['sequence numbers', () => new SequenceUnwrapper(), 0x10000],
  ['timestamps', () => new TimestampUnwrapper(), 0x100000000],
] as const)('%s: an endless line is read off its wrapped numbers', (_, create, modulus) => {
  const steps = fc.array(fc.integer({ min: -modulus / 4, max: modulus / 4 }), { maxLength: 200 })
  fc.assert(
    fc.property(fc.nat(modulus - 1), steps, (first, moves) => {
      const unwrapper = create()
      expect(unwrapper.highest).toBeNaN()
      expect(unwrapper.unwrap(first)).toBe(first)
      let highest = first
      for (const move of moves) {
        const value = highest + move
        expect(unwrapper.unwrap(((value % modulus) + modulus) % modulus)).toBe(value)
        highest = Math.max(highest, value)
        expect(unwrapper.highest).toBe(highest)
      }
    }),
  )
})

test('timestamps: the short way round', () => {
  expect(timestampDistance(0xffffffff, 1)).toBe(2)
  expect(timestampDistance(1, 0xffffffff)).toBe(-2)
  expect(timestampDistance(0, 0x80000000)).toBe(-0x80000000)
})
