import { Encoder } from '@parley/stun'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameReader, putFrameLength, streamKind } from './framing.ts'

function framed(...frames: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    frames.map(frame => {
      const bytes = new Uint8Array(2 + frame.length)
      bytes.set(frame, putFrameLength(bytes, 0, frame.length))
      return bytes
    }),
  )
}

/** What a reader makes of a stream that comes in these pieces. */
function read(chunks: readonly Uint8Array[], maxFrameBytes = 100) {
  const frames: number[][] = []
  let oversized = 0
  const reader = new FrameReader({
    maxFrameBytes,
    onFrame: (bytes, start, end) => frames.push([...bytes.subarray(start, end)]),
    onOversized: () => oversized++,
  })
  for (const chunk of chunks) reader.push(chunk)
  return { frames, oversized }
}

function cut(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map(at => at % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b)
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end))
}

describe('frames', () => {
  it('come out as they went in, however the stream is cut; too large ones are skipped', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 140 })), fc.array(fc.nat()), (sent, cuts) => {
        const { frames, oversized } = read(cut(framed(...sent), cuts))
        expect(frames).toEqual(sent.filter(({ length }) => length > 0 && length <= 100).map(frame => [...frame]))
        expect(oversized).toBe(sent.filter(({ length }) => length > 100).length)
      }),
      { numRuns: 500 },
    )
  })

  it('whatever comes, no frame is larger than allowed, and nothing throws', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), chunks => {
        for (const frame of read(chunks).frames) expect(frame.length).toBeLessThanOrEqual(100)
      }),
    )
  })

  it('none comes after closing, not even of the same chunk', () => {
    const frames: number[] = []
    const reader = new FrameReader({
      maxFrameBytes: 10,
      onFrame: (bytes, start) => {
        frames.push(bytes[start] as number)
        reader.close()
      },
      onOversized: () => {},
    })
    reader.push(framed(Uint8Array.of(1), Uint8Array.of(2)))
    reader.push(framed(Uint8Array.of(3)))
    expect(frames).toEqual([1])
  })
})

describe('the beginning of a stream', () => {
  const message = new Encoder(new Uint8Array(200)).message('request', 'binding').finish().slice()

  it('tells TURN from ICE as soon as it can', () => {
    const ice = framed(message)
    for (let length = 0; length <= message.length; length++) {
      expect(streamKind(message.subarray(0, length)), `${length} of TURN`).toBe(length < 8 ? 'more' : 'turn')
      expect(streamKind(ice.subarray(0, length)), `${length} of ICE`).toBe(length < 10 ? 'more' : 'ice')
    }
  })

  it.each(['GET / HTTP/1.1', 'SSH-2.0-OpenSSH_9', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'])(
    '%j is neither',
    text => {
      expect(streamKind(Buffer.from(text, 'latin1'))).toBe('neither')
    },
  )
})
