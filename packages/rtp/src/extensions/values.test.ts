import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HeaderRewrite } from '../packet/header-rewrite.ts'
import { RtpPacket } from '../packet/rtp-packet.ts'
import { absCaptureTimeBytes, readAbsCaptureTime } from './abs-capture-time.ts'
import { headerExtensionOf, headerExtensions } from './header-extensions.ts'
import { readToken, tokenBytes } from './text.ts'
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

function put(length: number, write: (value: Uint8Array) => void): RtpPacket {
  const value = new Uint8Array(length)
  write(value)
  return packetWith(value)
}

test('URIs both ways', () => {
  for (const [name, uri] of Object.entries(headerExtensions)) expect(headerExtensionOf(uri)).toBe(name)
  expect(headerExtensionOf('urn:example')).toBeUndefined()
})

test('transport-wide sequence numbers', () => {
  const packet = put(2, value => values.putTransportSequenceNumber(value, 0xfffe))
  expect(values.readTransportSequenceNumber(packet, 3)).toBe(0xfffe)
})

test('send times: a place in 64 s, and the time between two of them', () => {
  const sent = (ms: number) =>
    values.readAbsSendTime(
      put(3, value => values.putAbsSendTime(value, ms)),
      3,
    )
  expect(sent(0)).toBe(0)
  expect(sent(1000)).toBe(1 << 18)
  expect(sent(64_000)).toBe(0)
  fc.assert(
    fc.property(fc.nat(2 ** 40), fc.integer({ min: -31_000, max: 31_000 }), (ms, later) => {
      fc.pre(ms + later >= 0)
      expect(Math.abs(values.absSendTimeDistanceMs(sent(ms), sent(ms + later)) - later)).toBeLessThan(0.01)
    }),
  )
})

test('audio level and voice', () => {
  const packet = put(1, value => values.putAudioLevel(value, 127, true))
  const level = values.readAudioLevel(packet, 3)
  expect([values.levelOf(level), values.hasVoice(level)]).toEqual([127, true])
  const quiet = values.readAudioLevel(
    put(1, value => values.putAudioLevel(value, 30, false)),
    3,
  )
  expect([values.levelOf(quiet), values.hasVoice(quiet)]).toEqual([30, false])
})

test('orientation', () => {
  for (const rotation of [0, 90, 180, 270] as const) {
    for (const flipped of [false, true]) {
      const packet = put(1, value => values.putVideoOrientation(value, rotation, flipped))
      const orientation = values.readVideoOrientation(packet, 3)
      expect([values.rotationOf(orientation), values.isFlipped(orientation)]).toEqual([rotation, flipped])
    }
  }
})

test('playout delay', () => {
  const delay = (min: number, max: number) =>
    values.playoutDelayMs(
      values.readPlayoutDelay(
        put(3, value => values.putPlayoutDelay(value, min, max)),
        3,
      ),
    )
  expect(delay(0, 0)).toEqual({ min: 0, max: 0 })
  expect(delay(123, 4567)).toEqual({ min: 120, max: 4570 })
  expect(delay(-5, 1e9)).toEqual({ min: 0, max: 40_950 })
})

test('transmission offset has a sign', () => {
  expect(values.readTransmissionOffset(packetWith(Uint8Array.of(0xff, 0xff, 0xfe)), 3)).toBe(-2)
  expect(values.readTransmissionOffset(packetWith(Uint8Array.of(0, 1, 0)), 3)).toBe(256)
  expect(values.readTransmissionOffset(packetWith(Uint8Array.of(0)), 3)).toBe(0)
})

test('an element that is not there or too short is no value', () => {
  const packet = packetWith(Uint8Array.of())
  const short = packetWith(Uint8Array.of(1))
  for (const id of [0, 1, 3]) {
    expect(values.readAudioLevel(packet, id)).toBe(-1)
    expect(values.readVideoOrientation(packet, id)).toBe(-1)
    expect(values.readTransportSequenceNumber(short, id)).toBe(-1)
    expect(values.readAbsSendTime(short, id)).toBe(-1)
    expect(values.readPlayoutDelay(short, id)).toBe(-1)
    expect(readAbsCaptureTime(short, id)).toBeUndefined()
    expect(readToken(packet, id)).toBeUndefined()
  }
})

test('mid and rid are tokens and nothing else', () => {
  for (const text of ['0', 'hi', 'a-b_c.9', 'x'.repeat(255)])
    expect(readToken(packetWith(tokenBytes(text)), 3)).toBe(text)
  for (const bad of ['', 'a b', 'é', 'a\n', 'x'.repeat(256)]) expect(() => tokenBytes(bad), bad).toThrow(RangeError)
  for (const bad of [[0], [0x61, 0x20], [0xc3, 0xa9], [0x61, 0x0a]]) {
    expect(readToken(packetWith(Uint8Array.from(bad)), 3)).toBeUndefined()
  }
})

test('capture time, with and without the offset of the clock', () => {
  const ntp = { seconds: 0xe1e1e1e1, fraction: 0x80000001 }
  expect(readAbsCaptureTime(packetWith(absCaptureTimeBytes({ ntp })), 3)).toEqual({ ntp })
  for (const clockOffsetMs of [0, 1500, -1500, -0.25]) {
    const back = readAbsCaptureTime(packetWith(absCaptureTimeBytes({ ntp, clockOffsetMs })), 3)
    expect(back?.ntp).toEqual(ntp)
    expect(back?.clockOffsetMs).toBeCloseTo(clockOffsetMs, 3)
  }
})
