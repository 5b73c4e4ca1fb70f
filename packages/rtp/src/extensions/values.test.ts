import { fromHex, toHex } from '@parley/bytes'
import { expect, test } from 'vitest'
import { HeaderRewrite } from '../packet/header-rewrite.ts'
import { RtpPacket } from '../packet/rtp-packet.ts'
import * as values from './values.ts'

/** A packet with this element under id 3. */
function packetWith(value: Uint8Array): RtpPacket {
  const rewrite = new HeaderRewrite()
  rewrite.setExtension(3, value)
  const packet = new RtpPacket()
  packet.parse(
    Uint8Array.from({ length: 12 }, (_, i) => (i ? 0 : 0x80)),
    0,
    12,
  )
  const bytes = new Uint8Array(600)
  packet.parse(bytes, 0, rewrite.write(packet, bytes, 0))
  return packet
}

test('send times: units of 2^-18 s, round after 64 s', () => {
  const sent = (ms: number) => {
    const value = new Uint8Array(3)
    values.putAbsSendTime(value, ms)
    return toHex(value)
  }
  expect(sent(0)).toBe('000000')
  expect(sent(1000)).toBe('040000')
  expect(sent(0.5)).toBe('000083')
  expect(sent(63_999)).toBe('fffefa')
  expect(sent(64_000)).toBe('000000')
  expect(sent(Date.UTC(2026, 0)), 'a wall clock').toBe(sent(Date.UTC(2026, 0) % 64_000))
})

test('audio level and voice', () => {
  for (const [byte, level, voice] of [
    [0xff, 127, true],
    [0x1e, 30, false],
    [0x80, 0, true],
  ] as const) {
    const read = values.readAudioLevel(packetWith(Uint8Array.of(byte)), 3)
    expect([values.levelOf(read), values.hasVoice(read)]).toEqual([level, voice])
  }
})

test('orientation', () => {
  for (let byte = 0; byte < 8; byte++) {
    const orientation = values.readVideoOrientation(packetWith(Uint8Array.of(byte)), 3)
    expect([values.rotationOf(orientation), values.isFlipped(orientation)]).toEqual([(byte % 4) * 90, byte >= 4])
  }
})

test('an element that is not there or too short is no value', () => {
  const packet = packetWith(Uint8Array.of())
  const short = packetWith(Uint8Array.of(1))
  for (const id of [0, 1, 3]) {
    expect(values.readAudioLevel(packet, id)).toBe(-1)
    expect(values.readVideoOrientation(packet, id)).toBe(-1)
    expect(values.readAbsCaptureTime(short, id)).toBeUndefined()
    expect(values.readToken(packet, id)).toBeUndefined()
  }
})

test('mid and rid are tokens and nothing else', () => {
  const { readToken, tokenBytes } = values
  for (const text of ['0', 'hi', 'a-b_c.9', 'x'.repeat(255)])
    expect(readToken(packetWith(tokenBytes(text)), 3)).toBe(text)
  for (const bad of ['', 'a b', 'é', 'a\n', 'x'.repeat(256)]) expect(() => tokenBytes(bad), bad).toThrow(RangeError)
  for (const bad of [[0], [0x61, 0x20], [0xc3, 0xa9], [0x61, 0x0a]]) {
    expect(readToken(packetWith(Uint8Array.from(bad)), 3)).toBeUndefined()
  }
})

test('capture time, with and without the offset of the clock', () => {
  const read = (hex: string) => values.readAbsCaptureTime(packetWith(fromHex(hex)), 3)
  const ntp = { seconds: 0xe1e1e1e1, fraction: 0x80000001 }
  expect(read('e1e1e1e1 80000001')).toEqual({ ntp })
  for (const [offset, clockOffsetMs] of [
    ['00000000 00000000', 0],
    ['00000001 80000000', 1500],
    ['fffffffe 80000000', -1500],
    ['ffffffff c0000000', -250],
  ] as const) {
    expect(read(`e1e1e1e1 80000001 ${offset}`)).toEqual({ ntp, clockOffsetMs })
  }
})
