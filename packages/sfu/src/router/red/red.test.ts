import { RtpPacket } from '@parley/rtp'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rtp } from '../testing/packets.ts'
import { RedDistance } from './red-distance.ts'
import { RedMaker } from './red-maker.ts'
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

/** What is sent to a subscriber with that distance: RED, or the packet as it is where there is nothing to repeat. */
function make(
  sounds: readonly Sound[],
  distance: number,
  places = sounds.map((_, i) => i),
): (Sound & { red: boolean })[] {
  const maker = new RedMaker()
  const target = new Uint8Array(1500)
  return sounds.map((sound, i) => {
    const packet = packetOf(sound)
    const end = maker.write(packet, places[i] ?? 0, opus, distance, target)
    maker.remember(packet, places[i] ?? 0)
    return { ...sound, payload: end > 0 ? [...target.subarray(0, end)] : sound.payload, red: end > 0 }
  })
}

/** What a subscriber without RED gets of those packets that arrive. */
function split(made: ReturnType<typeof make>, arrives: (index: number) => boolean): Sound[] {
  const splitter = new RedSplitter()
  const got = new Map<number, Sound>()
  const note = ({ sequenceNumber, timestamp, payloadType, bytes, payloadStart, payloadEnd }: RtpPacket) => {
    expect(payloadType).toBe(opus)
    got.set(sequenceNumber, { sequenceNumber, timestamp, payload: [...bytes.subarray(payloadStart, payloadEnd)] })
  }
  for (const [index, sound] of made.entries()) {
    if (!arrives(index)) continue
    const packet = packetOf(sound, sound.red ? red : opus)
    if (!sound.red) {
      note(packet)
      continue
    }
    expect(splitter.read(packet, opus)).toBe(true)
    for (let block = 0; block < splitter.redundant; block++) {
      if (got.has(splitter.numberOf(block))) continue
      const view = splitter.showRedundant(block)
      expect(view.findExtension(1)).toBe(-1)
      note(view)
    }
    const primary = splitter.showPrimary()
    expect(primary.findExtension(1)).toBeGreaterThan(0)
    note(primary)
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
      [1, 1],
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
  const sound = (i: number, payload: readonly number[] = [i], timestamp = i * 960) => ({
    sequenceNumber: i,
    timestamp,
    payload,
  })
  const lengths = (...made: Parameters<typeof make>) => make(...made).map(({ payload }) => payload.length)

  test('repeats nothing that is too old for the header, as after silence', () => {
    expect(lengths([sound(1, [1], 0), sound(2, [2], 19_200), sound(3, [3], 19_200 + 16_383)], 2)).toEqual([1, 1, 7])
  })

  test('repeats nothing that is too long, or would make the whole too long', () => {
    const of = (length: number) => Array<number>(length).fill(7)
    expect(lengths([sound(1, of(1200)), sound(2)], 2)).toEqual([1200, 1])
    expect(lengths([sound(1, of(500)), sound(2, of(500)), sound(3, of(500))], 2)).toEqual([500, 1005, 1005])
    expect(lengths([sound(1, of(300)), sound(2, of(300)), sound(3, of(300))], 2)).toEqual([300, 605, 909])
  })

  test('repeats nothing across a gap, and what came late as soon as it is there', () => {
    expect(lengths([sound(1), sound(3), sound(2), sound(4)], 2, [1, 3, 2, 4])).toEqual([1, 1, 7, 12])
  })
})

describe('how much is repeated', () => {
  const lossy = (share: number) => share * 50
  /** The distances of seconds with fifty packets, of which such shares are lost. */
  function distancesOf(distance: RedDistance, from: number, ...shares: readonly number[]): number[] {
    return shares.map((share, i) => {
      distance.count(lossy(share), 50, (from + i) * 1000)
      return distance.current
    })
  }

  test('follows what is lost: nothing of a clean link, one packet, two', () => {
    expect(distancesOf(new RedDistance(), 0, 0, 0, 0.005, 0.005)).toEqual([0, 0, 0, 0])
    expect(distancesOf(new RedDistance(), 0, ...Array(10).fill(0.05)).at(-1)).toBe(1)
    expect(distancesOf(new RedDistance(), 0, 0.3, 0.3)).toEqual([1, 2])
  })

  test('falls one by one, and not before the loss has stayed away', () => {
    const distance = new RedDistance()
    distancesOf(distance, 0, 0.3, 0.3)
    const calm = distancesOf(distance, 2, ...Array(60).fill(0))
    expect(calm.slice(0, 10)).toEqual(Array(10).fill(2))
    expect([...new Set(calm)]).toEqual([2, 1, 0])
  })

  test('does not flap where the loss lies between', () => {
    const distance = new RedDistance()
    distancesOf(distance, 0, 0.15)
    expect(new Set(distancesOf(distance, 1, ...Array.from({ length: 60 }, (_, i) => (i % 2 ? 0.1 : 0.03)))).size).toBe(
      1,
    )
  })

  test('one packet of a silent voice says little', () => {
    const distance = new RedDistance()
    distance.count(1, 2, 0)
    expect(distance.current).toBe(0)
  })
})

describe('the splitter', () => {
  test.each([
    ['empty', []],
    ['cut off in a header', [0xef]],
    ['longer than the packet', [0xef, 15, 0, 9, 111, 1]],
    ['of another codec', [110, 1, 1]],
    ['without a primary block', [111]],
    ['nested', [red, 1, 2]],
    ['of 127 blocks', [...Array.from({ length: 127 }, () => [0xef, 15, 0, 1]).flat(), 111, ...Array(200).fill(1)]],
    ['of 11 blocks', [...Array.from({ length: 10 }, () => [0xef, 15, 0, 1]).flat(), 111, ...Array(20).fill(1)]],
  ])('leaves what is %s as it was', (_, payload) => {
    const packet = packetOf({ sequenceNumber: 5, timestamp: 960, payload }, red)
    const before = { ...packet }
    expect(new RedSplitter().read(packet, opus)).toBe(false)
    expect({ ...packet }).toEqual(before)
  })

  test('takes no block of another codec, none without sound, and none of the same time', () => {
    const payload = [0x80 | 110, 15, 0, 1, 0xef, 7, 0x80, 0, 0xef, 0, 0, 1, 111, 1, 2, 3]
    const packet = packetOf({ sequenceNumber: 5, timestamp: 960, payload }, red)
    const splitter = new RedSplitter()
    expect(splitter.read(packet, opus)).toBe(true)
    expect([0, 1, 2].map(block => splitter.numberOf(block))).toEqual([-1, -1, -1])
    splitter.showPrimary()
    expect(packet.bytes.subarray(packet.payloadStart, packet.payloadEnd)).toEqual(Uint8Array.of(3))
  })

  test('never reads or throws beyond a packet, whatever it contains', () => {
    const splitter = new RedSplitter()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), payload => {
        const packet = packetOf({ sequenceNumber: 1, timestamp: 5, payload: [...payload] }, red)
        const { payloadStart, payloadEnd } = packet
        if (!splitter.read(packet, opus)) return
        const within = (view: RtpPacket) => {
          expect(view.payloadStart).toBeGreaterThanOrEqual(payloadStart)
          expect(view.payloadEnd).toBeLessThanOrEqual(payloadEnd)
          expect(view.payloadLength).toBeGreaterThan(0)
        }
        for (let block = 0; block < splitter.redundant; block++) {
          if (splitter.numberOf(block) >= 0) within(splitter.showRedundant(block))
        }
        within(splitter.showPrimary())
      }),
    )
  })
})
