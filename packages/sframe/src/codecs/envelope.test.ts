import { inspectors, PayloadInfo } from '@parley/rtp'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concat } from '../aead.ts'
import { fromHex } from '../testing/hex.ts'
import { type EnvelopeCodec, envelopeCodecs, unwrap, wrap } from './envelope.ts'

const filler = (length: number) => new Uint8Array(length).fill(0x5a)

/** The parameter sets and the start of the slice as Chromium sent them (`rtp/testdata/chromium-h264.txt`). */
const h264 = {
  sps: fromHex('6742c0158c8d40a0cbcf37010d010784423500'),
  pps: fromHex('68ce3c80'),
  idr: fromHex('65b80004000008e231'),
  slice: fromHex('419a24'),
}
const startCode = fromHex('00000001')
const annexB = (...nals: Uint8Array[]) => concat(...nals.flatMap(nal => [startCode, nal]))

const vp8 = {
  // A key frame of 640 x 360 (RFC 6386 §9.1).
  key: concat(fromHex('d0d9009d012a80026801'), filler(200)),
  other: concat(fromHex('b10400'), filler(60)),
}

const sequenceHeader = fromHex('0a0b00000004479ffcffe1a010')
const av1 = {
  key: concat(fromHex('1200'), sequenceHeader, fromHex('3205'), filler(5)),
  other: concat(fromHex('1200'), fromHex('3005').fill(0x32, 0, 1), filler(5)),
}

const frames: Record<EnvelopeCodec, readonly Uint8Array<ArrayBuffer>[]> = {
  audio: [filler(1), filler(120)],
  vp8: [vp8.key, vp8.other],
  vp9: [filler(1), filler(300)],
  h264: [annexB(h264.sps, h264.pps, h264.idr), annexB(h264.slice), annexB(h264.slice, h264.slice)],
  av1: [av1.key, av1.other],
}

/** Ciphertexts that codecs would take for structure: start codes, zeros, anything. */
const ciphertext = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 400 }),
  fc.array(fc.constantFrom(0, 0, 0, 1, 2, 3), { minLength: 1, maxLength: 60 }).map(values => Uint8Array.from(values)),
)

test.each(envelopeCodecs)('%s: the ciphertext comes out of its envelope as it was', codec => {
  fc.assert(
    fc.property(ciphertext, fc.constantFrom(...frames[codec]), (sealed, frame) => {
      const wrapped = wrap(codec, frame, new Uint8Array(sealed))
      expect(wrapped && unwrap(wrapped)).toEqual(new Uint8Array(sealed))
    }),
  )
})

test('nothing of a frame is in the clear but what is said to be', () => {
  const sealed = fromHex('aabbcc')
  const clearOf = (codec: EnvelopeCodec, frame: Uint8Array<ArrayBuffer>) => wrap(codec, frame, sealed)?.indexOf(0xaa)
  expect(clearOf('audio', frames.audio[1] as Uint8Array<ArrayBuffer>)).toBe(0)
  expect(clearOf('vp9', frames.vp9[1] as Uint8Array<ArrayBuffer>)).toBe(0)
  expect(clearOf('vp8', vp8.key)).toBe(10)
  expect(clearOf('vp8', vp8.other)).toBe(3)
  expect(clearOf('h264', annexB(h264.slice, h264.slice))).toBe(7)
  expect(clearOf('av1', av1.other)).toBe(2)
  expect(clearOf('av1', av1.key)).toBe(sequenceHeader.length + 2)
})

test('what has no envelope is told apart', () => {
  for (const plain of [new Uint8Array(0), ...Object.values(frames).flat()]) expect(unwrap(plain)).toBeUndefined()
})

test('a frame that is none of its codec is not enveloped', () => {
  for (const garbage of [new Uint8Array(0), fromHex('000001'), fromHex('00000167'), filler(50)]) {
    expect(wrap('h264', garbage, fromHex('aa'))).toBeUndefined()
  }
  for (const garbage of [fromHex('92'), fromHex('32ff'), fromHex('32ffffffffffffffffff01'), fromHex('32058001')]) {
    expect(wrap('av1', garbage, fromHex('aa'))).toBeUndefined()
  }
})

test('hostile envelopes do not throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(0xc1, 0xc2, 0xc3), (bytes, last) => {
      unwrap(concat(bytes, [last]))
    }),
  )
})

/** A long ciphertext with everything in it that looks like structure. */
const nasty = concat(fromHex('000001650000016700000000000003000003'), filler(2500), fromHex('000000'))

/** What the SFU sees of a payload. */
function seen(codec: EnvelopeCodec, payload: Uint8Array) {
  const info = new PayloadInfo()
  const readable = inspectors.get(codec)?.(payload, 0, payload.length, info)
  return readable ? { key: info.keyFrame, start: info.startOfFrame, size: [info.width, info.height] } : 'opaque'
}

test('VP8: the SFU finds key frames and their size', () => {
  const packet = (frame: Uint8Array<ArrayBuffer>) => concat([0x10], wrap('vp8', frame, nasty) ?? [])
  expect(seen('vp8', packet(vp8.key))).toEqual({ key: true, start: true, size: [640, 360] })
  expect(seen('vp8', packet(vp8.other))).toMatchObject({ key: false, start: true })
})

test('H.264: the SFU finds parameter sets, key frames and beginnings in what a browser’s packetizer makes of it', () => {
  const nals = (frame: Uint8Array<ArrayBuffer>) => splitAnnexB(wrap('h264', frame, nasty) ?? new Uint8Array(0))
  const key = nals(annexB(h264.sps, h264.pps, h264.idr))
  expect(key.map(nal => (nal[0] ?? 0) & 0x1f)).toEqual([7, 8, 5])
  const [sps, , idr] = key as [Uint8Array, Uint8Array, Uint8Array]
  expect(seen('h264', sps)).toEqual({ key: true, start: true, size: [320, 180] })
  const fragment = concat([0x7c, 0x80 | 5], idr.subarray(1, 1000))
  expect(seen('h264', fragment)).toMatchObject({ key: true, start: true })
  const others = nals(annexB(h264.slice, h264.slice))
  expect(others).toHaveLength(1)
  expect(seen('h264', others[0] as Uint8Array)).toMatchObject({ key: false, start: true })
  expect(idr.at(-1)).not.toBe(0)
})

test('H.264: start codes may change on the way, and parameter sets be rewritten', () => {
  const wrapped = wrap('h264', annexB(h264.sps, h264.pps, h264.idr), nasty) ?? new Uint8Array(0)
  const [, pps, idr] = splitAnnexB(wrapped) as [Uint8Array, Uint8Array, Uint8Array]
  const short = fromHex('000001')
  expect(unwrap(concat(short, fromHex('6742c01500'), short, pps, short, idr))).toEqual(nasty)
})

test('AV1: the SFU finds the sequence header, and the receiver the frame, though sizes are taken out and put back', () => {
  const wrapped = wrap('av1', av1.key, nasty) ?? new Uint8Array(0)
  const size = sequenceHeader.length
  // An aggregation header with two elements, the first with its length; OBU headers without size (AV1 RTP §4.4).
  const sequence = concat([0x08], sequenceHeader.subarray(2))
  const frameObu = concat([0x30], wrapped.subarray(size + 3))
  const payload = concat([0x28, sequence.length], sequence, frameObu)
  expect(seen('av1', payload)).toMatchObject({ key: true, start: true })
  expect(unwrap(concat(sequenceHeader, wrapped.subarray(size)))).toEqual(nasty)
  expect(unwrap(concat(sequenceHeader, frameObu))).toEqual(nasty)
})

/** NAL units between start codes, as a packetizer finds them. */
function splitAnnexB(frame: Uint8Array): Uint8Array[] {
  const starts: number[] = []
  for (let at = 3; at <= frame.length; at++) {
    if (frame[at - 1] === 1 && frame[at - 2] === 0 && frame[at - 3] === 0) starts.push(at)
  }
  return starts.map((start, i) => {
    const next = starts[i + 1]
    const end = next === undefined ? frame.length : next - (frame[next - 4] === 0 ? 4 : 3)
    return frame.subarray(start, end)
  })
}
