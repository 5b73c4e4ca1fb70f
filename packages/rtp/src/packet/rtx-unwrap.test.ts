import { fromHex, toHex } from '@parley/bytes'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HeaderRewrite } from './header-rewrite.ts'
import { RtpPacket } from './rtp-packet.ts'
import { originalSequenceNumber, restoreOriginal, writeRtxHeader } from './rtx.ts'
import { SequenceUnwrapper, TimestampUnwrapper, timestampDistance } from './unwrap.ts'

test('a retransmission, written and read back (RFC 4588 §4)', () => {
  const original = fromHex('80e0 1234 0a0b0c0d 11111111 c0ffee')
  const packet = new RtpPacket()
  packet.parse(original, 0, original.length)
  const rewrite = new HeaderRewrite()
  Object.assign(rewrite, {
    payloadType: 97,
    marker: true,
    sequenceNumber: 7,
    timestamp: packet.timestamp,
    ssrc: 0x22222222,
  })
  const bytes = new Uint8Array(40)
  const start = writeRtxHeader(rewrite, packet, packet.sequenceNumber, bytes, 4)
  bytes.set(original.subarray(packet.payloadStart), start)
  const end = start + packet.payloadLength
  expect(toHex(bytes.subarray(4, end))).toBe('80e100070a0b0c0d222222221234c0ffee')

  expect(packet.parse(bytes, 4, end)).toBe(true)
  expect(originalSequenceNumber(packet)).toBe(0x1234)
  expect(restoreOriginal(packet, 0x11111111, 96)).toBe(true)
  expect(packet).toMatchObject({
    sequenceNumber: 0x1234,
    ssrc: 0x11111111,
    payloadType: 96,
    payloadLength: 3,
    marker: true,
  })
  expect(writeRtxHeader(rewrite, packet, 1, bytes, 4, 17)).toBe(-1)
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
