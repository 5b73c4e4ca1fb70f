import { DecodeError, fromHex, toHex, uint16At } from '@parley/bytes'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunks, vector } from '../../testdata/corpus.ts'
import { Message } from '../message/message.ts'
import { channelDataLength } from './channel-data.ts'
import { FrameSplitter, largestFrame } from './frame-splitter.ts'

function splitter(maxFrameBytes?: number) {
  const frames: string[] = []
  const split = new FrameSplitter({
    onFrame: (bytes, start, end) => frames.push(toHex(bytes.subarray(start, end))),
    ...(maxFrameBytes === undefined ? {} : { maxFrameBytes }),
  })
  return { split, frames }
}

const stunFrame = fc.nat(20).chain(words =>
  fc.uint8Array({ minLength: 12 + 4 * words, maxLength: 12 + 4 * words }).map(rest => {
    const length = (4 * words).toString(16).padStart(4, '0')
    return toHex(fromHex(`0101 ${length} 2112a442`)) + toHex(rest)
  }),
)
const channelFrame = fc
  .tuple(fc.integer({ min: 0x4000, max: 0x7fff }), fc.uint8Array({ maxLength: 40 }))
  .map(
    ([channel, data]) =>
      `${channel.toString(16)}${data.length.toString(16).padStart(4, '0')}${toHex(data)}${'00'.repeat(-data.length & 3)}`,
  )
const stream = fc.array(fc.oneof(stunFrame, channelFrame), { maxLength: 12 })

test('a stream in any pieces comes out as the frames that went in', () => {
  fc.assert(
    fc.property(stream, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (expected, sizes) => {
      const { split, frames } = splitter()
      const bytes = fromHex(expected.join(''))
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = sizes[i % sizes.length] ?? 1
        split.push(bytes.slice(at, at + size))
        at += size
      }
      expect(frames).toEqual(expected)
      expect(split.pendingBytes).toBe(0)
    }),
  )
})

test('byte by byte, a frame comes out with its last byte and not later', () => {
  const { split, frames } = splitter()
  const whole = [...fromHex('4000 0000'), ...vector('rfc5769-request'), ...fromHex('4001 0001 aa000000')]
  const seen = whole.map(byte => {
    split.push(new Uint8Array([byte]))
    return frames.length
  })
  expect([seen[2], seen[3], seen[110], seen[111], seen[118], seen[119]]).toEqual([0, 1, 1, 2, 2, 3])
})

test('frames that come whole are not copied', () => {
  const chunk = new Uint8Array([...vector('rfc5769-request'), ...fromHex('4000 0004 01020304')])
  const seen: [Uint8Array, number, number][] = []
  new FrameSplitter({ onFrame: (...frame) => seen.push(frame) }).push(chunk)
  expect(seen.map(([, start, end]) => [start, end])).toEqual([
    [0, 108],
    [108, 116],
  ])
  expect(seen.every(([bytes]) => bytes === chunk)).toBe(true)
})

test.each(['uclient-tcp-client.txt', 'chromium-tcp-server.txt'] as const)('%s, as captured and byte by byte', file => {
  const whole = splitter()
  for (const chunk of chunks(file)) whole.split.push(chunk)
  const slow = splitter()
  for (const chunk of chunks(file)) for (const byte of chunk) slow.split.push(new Uint8Array([byte]))
  expect(slow.frames).toEqual(whole.frames)
  expect(whole.frames.join('')).toBe(chunks(file).map(toHex).join(''))
  expect(whole.frames.length).toBeGreaterThan(10)
  for (const frame of whole.frames.map(fromHex)) {
    if (uint16At(frame, 0) < 0x4000) expect(Message.decode(frame).method).toBeDefined()
    else expect(channelDataLength(frame, 0, frame.length)).toBeGreaterThan(0)
  }
})

describe('a stream that is something else ends at once', () => {
  test.each([
    ['HTTP', '47455420', 0],
    ['TLS', '160301', 0],
    ['RTP', '80', 0],
    ['an odd STUN length', '0001 0002', 0],
    ['no cookie', '0001 0000 2112a443', 0],
    ['rubbish behind a good frame', '4000 0000 ff', 1],
    ['a HTTP/2 preface', toHex(new TextEncoder().encode('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')), 0],
  ])('%s', (_, hex, good) => {
    for (const size of [1, 2, 100]) {
      const { split, frames } = splitter(4096)
      const bytes = fromHex(hex)
      expect(() => {
        for (let at = 0; at < bytes.length; at += size) split.push(bytes.slice(at, at + size))
      }, `in pieces of ${size}`).toThrow(DecodeError)
      expect(frames).toHaveLength(good)
      split.push(fromHex('4000 0000'))
      expect(frames).toHaveLength(good)
      expect(split.pendingBytes).toBe(0)
    }
  })

  test('a frame that claims more than is allowed, before any of it is kept', () => {
    const { split } = splitter(2048)
    expect(() => split.push(fromHex('4000 0800'))).toThrow('stun/stream: a frame of 2052 bytes')
    expect(() => splitter(2048).split.push(fromHex('0001 0800 2112a442'))).toThrow('a frame of 2068 bytes')
    expect(() => splitter(2048).split.push(fromHex('4000 07fc'))).not.toThrow()
  })

  test('every first byte', () => {
    for (let byte = 0; byte < 256; byte++) {
      const push = () => splitter().split.push(new Uint8Array([byte]))
      if (byte < 4 || (byte >= 0x40 && byte < 0x80)) expect(push).not.toThrow()
      else expect(push).toThrow(DecodeError)
    }
  })
})

test('it never keeps more than a frame, and grows with what comes, not with what is claimed', () => {
  const { split, frames } = splitter()
  split.push(fromHex('4000 ffff 00'))
  expect(split.pendingBytes).toBe(5)
  const rest = new Uint8Array(1000)
  for (let sent = 1; sent < 65_536; sent += 1000) {
    split.push(rest.subarray(0, Math.min(1000, 65_536 - sent)))
    expect(split.pendingBytes).toBeLessThan(largestFrame)
  }
  expect(frames.map(frame => frame.length / 2)).toEqual([65_540])
  expect(split.pendingBytes).toBe(0)
})

test('the largest frames of both protocols fit', () => {
  const { split, frames } = splitter()
  split.push(new Uint8Array([...fromHex('0001 fffc 2112a442'), ...new Uint8Array(12 + 0xfffc)]))
  split.push(new Uint8Array([...fromHex('7fff ffff'), ...new Uint8Array(0x10000)]))
  expect(frames.map(frame => frame.length / 2)).toEqual([largestFrame, 65_540])
})

test('closing from within a frame stops the rest', () => {
  const seen: number[] = []
  const split: FrameSplitter = new FrameSplitter({
    onFrame: (bytes, start) => {
      seen.push(uint16At(bytes, start))
      if (seen.length === 2) split.close()
    },
  })
  split.push(fromHex('4000 0000 4001 0000 4002 0000 40'))
  split.push(fromHex('03 0000'))
  expect(seen).toEqual([0x4000, 0x4001])
  expect(split.pendingBytes).toBe(0)
})
