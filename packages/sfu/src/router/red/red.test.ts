import { RtpPacket } from '@parley/rtp'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rtp } from '../testing/packets.ts'
import { RedDistance, RedMaker } from './red-maker.ts'
import { RedSplitter } from './red-splitter.ts'

const opus = 111
const red = 63

interface Sound {
  readonly sequenceNumber: number
  readonly timestamp: number
  readonly payload: readonly number[]
}

function packetOf({ sequenceNumber, timestamp, payload }: Sound, payloadType = opus): RtpPacket {
  const bytes = rtp({ sequenceNumber, timestamp, payload, payloadType, extensions: { 1: [0x85] } })
  const packet = new RtpPacket()
  expect(packet.parse(bytes, 0, bytes.length)).toBe(true)
  return packet
}

/** The payloads of RED, for a subscriber with that distance. */
function make(sounds: readonly Sound[], distance: number): Sound[] {
  const maker = new RedMaker()
  return sounds.map(sound => {
    const packet = packetOf(sound)
    const target = new Uint8Array(RedMaker.room(packet))
    const payload = [...target.subarray(0, maker.write(packet, opus, distance, target, 0))]
    maker.remember(packet)
    return { ...sound, payload }
  })
}

/** What a subscriber without RED gets of those packets that arrive. */
function split(made: readonly Sound[], arrives: (index: number) => boolean): Sound[] {
  const splitter = new RedSplitter()
  const got = new Map<number, Sound>()
  const note = ({ sequenceNumber, timestamp, payloadType, bytes, payloadStart, payloadEnd }: RtpPacket) => {
    expect(payloadType).toBe(opus)
    got.set(sequenceNumber, { sequenceNumber, timestamp, payload: [...bytes.subarray(payloadStart, payloadEnd)] })
  }
  for (const [index, sound] of made.entries()) {
    if (!arrives(index)) continue
    const packet = packetOf(sound, red)
    const isMissing = (sequenceNumber: number) => !got.has(sequenceNumber)
    const recovered = (view: RtpPacket) => {
      expect(view.findExtension(1)).toBe(-1)
      note(view)
    }
    expect(splitter.split(packet, opus, isMissing, recovered)).toBe(true)
    expect(packet.findExtension(1)).toBeGreaterThan(0)
    note(packet)
  }
  return [...got.values()]
}

const speech = (count: number, first = 65_530, begins = 0xffff_f000): Sound[] =>
  Array.from({ length: count }, (_, i) => ({
    sequenceNumber: (first + i) & 0xffff,
    timestamp: (begins + i * 960) >>> 0,
    payload: Array.from({ length: 1 + ((i * 37) % 160) }, (_, byte) => (i + byte) & 0xff),
  }))

describe('made and taken apart', () => {
  test('the first packet repeats nothing, the second one block, the third two', () => {
    const made = make(
      [1, 2, 3].map(i => ({ sequenceNumber: i, timestamp: i * 960, payload: [i, i] })),
      2,
    )
    expect(made.map(({ payload }) => payload)).toEqual([
      [111, 1, 1],
      [0xef, 15, 0, 2, 111, 1, 1, 2, 2],
      [0xef, 30, 0, 2, 0xef, 15, 0, 2, 111, 1, 1, 2, 2, 3, 3],
    ])
  })

  test('whatever is lost comes back, unless more in a row are lost than are repeated', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 4, maxLength: 60 }),
        fc.integer({ min: 0, max: 2 }),
        (lost, most) => {
          const sounds = speech(lost.length)
          const got = split(make(sounds, most), index => !lost[index])
          const saved = sounds.filter((_, i) =>
            lost.slice(i, i + most + 1).some((gone, ahead) => !gone && i + ahead < lost.length),
          )
          const order = ({ timestamp: one }: Sound, { timestamp: other }: Sound) => (one - other) | 0
          expect([...got].sort(order)).toEqual([...saved].sort(order))
        },
      ),
    )
  })
})

describe('the maker', () => {
  test('repeats nothing that is too old for the header, as after silence', () => {
    const made = make(
      [
        { sequenceNumber: 1, timestamp: 0, payload: [1] },
        { sequenceNumber: 2, timestamp: 19_200, payload: [2] },
        { sequenceNumber: 3, timestamp: 19_200 + 16_383, payload: [3] },
      ],
      2,
    )
    expect(made.map(({ payload }) => payload.length)).toEqual([2, 2, 7])
  })

  test('repeats nothing that is too long, and nothing of before a gap', () => {
    const long = Array(1200).fill(7)
    const [, second] = make(
      [
        { sequenceNumber: 1, timestamp: 0, payload: long },
        { sequenceNumber: 2, timestamp: 960, payload: [2] },
      ],
      2,
    )
    expect(second?.payload).toEqual([111, 2])
    const maker = new RedMaker()
    const [one, two] = speech(2).map(sound => packetOf(sound))
    maker.remember(one ?? expect.unreachable())
    maker.forget()
    const packet = two ?? expect.unreachable()
    const target = new Uint8Array(RedMaker.room(packet))
    expect(maker.write(packet, opus, 2, target, 0)).toBe(1 + packet.payloadLength)
  })

  test('how much is repeated follows what is lost, and does not flap', () => {
    const distance = new RedDistance()
    const after = [0, 0.09, 0.1, 0.3, 0.07, 0.05, 0.04, 0.09].map(lost => {
      distance.lost(lost)
      return distance.current
    })
    expect(after).toEqual([1, 1, 2, 2, 2, 2, 1, 1])
  })
})

describe('the splitter', () => {
  const never = () => expect.unreachable()

  test('leaves what is broken, or of another codec, as it was', () => {
    const splitter = new RedSplitter()
    for (const payload of [[], [0xef], [0xef, 15, 0, 9, 111, 1], [110, 1, 1], [111], [red, 1, 2]]) {
      const packet = packetOf({ sequenceNumber: 5, timestamp: 960, payload }, red)
      const before = { ...packet }
      expect(splitter.split(packet, opus, () => true, never)).toBe(false)
      expect({ ...packet }).toEqual(before)
    }
  })

  test('takes no block of another codec, none without sound, and none of the same time', () => {
    const payload = [0x80 | 110, 15, 0, 1, 0xef, 7, 0x80, 0, 0xef, 0, 0, 1, 111, 1, 2, 3]
    const packet = packetOf({ sequenceNumber: 5, timestamp: 960, payload }, red)
    expect(new RedSplitter().split(packet, opus, () => true, never)).toBe(true)
    expect(packet.bytes.subarray(packet.payloadStart, packet.payloadEnd)).toEqual(Uint8Array.of(3))
  })

  test('never reads or throws beyond a packet, whatever it contains', () => {
    const splitter = new RedSplitter()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), payload => {
        const packet = packetOf({ sequenceNumber: 1, timestamp: 5, payload: [...payload] }, red)
        const { payloadStart, payloadEnd } = packet
        const within = (view: RtpPacket) => {
          expect(view.payloadStart).toBeGreaterThanOrEqual(payloadStart)
          expect(view.payloadEnd).toBeLessThanOrEqual(payloadEnd)
          expect(view.payloadLength).toBeGreaterThan(0)
        }
        if (splitter.split(packet, opus, () => true, within)) within(packet)
      }),
    )
  })
})
