import { RtpPacket, readVp8Layers, readVp9Layers } from '@parley/rtp'
import { expect, test } from 'vitest'
import { FrameInfo } from './frame-info.ts'
import { PictureNumbers } from './picture-numbers.ts'
import { rtp } from './testing/packets.ts'

/** A packet of VP8 with a picture id of 15 bits, TL0PICIDX and a temporal layer. */
function vp8(pictureId: number, tl0PicIdx: number, temporal = 0) {
  const payload = [0x90, 0xe0, 0x80 | (pictureId >> 8), pictureId & 0xff, tl0PicIdx, temporal << 6, 1, 0]
  const packet = new RtpPacket()
  const bytes = rtp({ payload })
  packet.parse(bytes, 0, bytes.length)
  const numbers = new FrameInfo().numbers
  readVp8Layers(bytes, packet.payloadStart, packet.payloadEnd, numbers)
  return { packet, numbers }
}

/** What a subscriber is sent. */
function sent(pictures: PictureNumbers, of: ReturnType<typeof vp8>, place: number): number[] {
  const { packet, numbers } = of
  const before = packet.bytes.slice()
  pictures.sent(numbers, place)
  const isRewritten = pictures.apply(packet, numbers, place)
  const seen = new FrameInfo().numbers
  readVp8Layers(packet.bytes, packet.payloadStart, packet.payloadEnd, seen)
  if (isRewritten) pictures.restore(packet, numbers)
  expect(packet.bytes).toEqual(before)
  return [seen.pictureId, seen.tl0PicIdx]
}

test('the first source keeps its numbers; the next goes on after them, over both ends', () => {
  const pictures = new PictureNumbers()
  pictures.follow(vp8(0x7ffe, 254).numbers)
  expect(sent(pictures, vp8(0x7ffe, 254), 1)).toEqual([0x7ffe, 254])
  expect(sent(pictures, vp8(0x7fff, 255), 2)).toEqual([0x7fff, 255])
  pictures.follow(vp8(500, 9).numbers)
  expect(sent(pictures, vp8(500, 9), 70)).toEqual([0, 0])
  expect(sent(pictures, vp8(501, 9, 2), 71)).toEqual([1, 0])
})

test('pictures of VP8 that are left out leave no gap; what comes late gets the number of its place', () => {
  const pictures = new PictureNumbers()
  pictures.follow(vp8(10, 1).numbers)
  expect(sent(pictures, vp8(10, 1), 1)).toEqual([10, 1])
  // A picture of two packets, then one that is lost on the way, then another.
  pictures.omit(vp8(11, 1, 2).numbers, 2)
  pictures.omit(vp8(11, 1, 2).numbers, 3)
  pictures.omit(vp8(13, 1, 2).numbers, 5)
  expect(sent(pictures, vp8(14, 2), 6)).toEqual([12, 2])
  expect(sent(pictures, vp8(12, 1, 1), 4)).toEqual([11, 1])
  // What is sent again is as it was.
  expect(sent(pictures, vp8(14, 2), 6)).toEqual([12, 2])
  expect(sent(pictures, vp8(10, 1), 1)).toEqual([10, 1])
  // And what was late is not what the next source goes on from.
  pictures.follow(vp8(3000, 77).numbers)
  expect(sent(pictures, vp8(3000, 77), 100)).toEqual([13, 3])
})

test('a payload without numbers stays as it is', () => {
  const pictures = new PictureNumbers()
  pictures.follow(vp8(10, 1).numbers)
  sent(pictures, vp8(10, 1), 1)
  const bytes = rtp({ payload: [0x10, 1, 2, 3] })
  const packet = new RtpPacket()
  packet.parse(bytes, 0, bytes.length)
  const none = new FrameInfo().numbers
  readVp8Layers(bytes, packet.payloadStart, packet.payloadEnd, none)
  pictures.follow(none)
  pictures.omit(none, 2)
  const before = bytes.slice()
  pictures.sent(none, 3)
  pictures.apply(packet, none, 3)
  expect(bytes).toEqual(before)
  pictures.follow(vp8(90, 5).numbers)
  expect(sent(pictures, vp8(90, 5), 4)).toEqual([11, 2])
})

test('VP9: numbers of seven bits go round in seven bits', () => {
  const pictures = new PictureNumbers()
  const read = (payload: number[]) => {
    const bytes = rtp({ payload })
    const packet = new RtpPacket()
    packet.parse(bytes, 0, bytes.length)
    const numbers = new FrameInfo().numbers
    readVp9Layers(bytes, packet.payloadStart, packet.payloadEnd, numbers)
    return { packet, numbers }
  }
  const first = read([0xac, 127, 0, 9, 0])
  pictures.follow(first.numbers)
  pictures.sent(first.numbers, 1)
  pictures.apply(first.packet, first.numbers, 1)
  const second = read([0xac, 5, 0, 200, 0])
  pictures.follow(second.numbers)
  pictures.sent(second.numbers, 2)
  pictures.apply(second.packet, second.numbers, 2)
  expect([...second.packet.bytes.subarray(second.packet.payloadStart)]).toEqual([0xac, 0, 0, 10, 0])
})
