import { seededRandom } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { DescriptorReader } from './descriptor-reader.ts'
import { FrameInfo } from './frame-info.ts'
import { highestLayer, LayerGate } from './layer-gate.ts'
import { type LayeredCodec, type LayeredPacket, layeredRtp } from './testing/layered-payloads.ts'
import { LayeredStream, type LayeredStreamOptions } from './testing/layered-stream.ts'
import { parsed } from './testing/test-transport.ts'

const descriptorId = 7
const base = { encoding: 0, width: 1280, height: 720, packets: 1 }
const l3t3 = { ...base, spatialLayers: 3, temporalLayers: 3, keyOnly: false }
const l3t3Key = { ...l3t3, keyOnly: true }
const l1t3 = { ...l3t3, spatialLayers: 1 }

const modes: readonly (LayeredStreamOptions & { readonly name: string })[] = [
  { name: 'VP8 L1T3', codec: 'vp8', described: false, ...l1t3 },
  { name: 'VP8 L1T3 by descriptor', codec: 'vp8', described: true, ...l1t3 },
  { name: 'VP9 L3T3', codec: 'vp9', described: false, ...l3t3 },
  { name: 'VP9 L3T3_KEY', codec: 'vp9', described: false, ...l3t3Key },
  { name: 'VP9 L3T3_KEY, flexible', codec: 'vp9-flexible', described: false, ...l3t3Key },
  { name: 'VP9 L3T3_KEY by descriptor', codec: 'vp9-flexible', described: true, ...l3t3Key },
  { name: 'AV1 L1T3', codec: 'av1', described: true, ...l1t3 },
  { name: 'AV1 L3T3', codec: 'av1', described: true, ...l3t3 },
  { name: 'AV1 L3T3_KEY', codec: 'av1', described: true, ...l3t3Key },
]

/** A stream, a gate that it goes through, and a decoder that knows what each frame needs. */
class Passage {
  readonly stream: LayeredStream
  readonly gate = new LayerGate()
  /** Of the last picture, what passed. */
  passed: LayeredPacket[] = []
  ended = false
  ignoresKeyFrames = false
  readonly #codec: LayeredCodec
  readonly #frame = new FrameInfo()
  readonly #descriptors: DescriptorReader | undefined
  readonly #decoded = new Set<number>()
  #place = 0

  constructor(options: LayeredStreamOptions) {
    this.stream = new LayeredStream(options, () => 0.5, 0)
    this.gate.want(options.spatialLayers - 1, highestLayer)
    this.#codec = options.codec
    this.#descriptors = options.described ? new DescriptorReader(descriptorId) : undefined
  }

  /** Throws where what passes cannot be decoded, or has no end. */
  picture(isKey = false): void {
    this.passed = []
    this.ended = false
    const isAsked = this.gate.needsKeyFrame && this.#place > 0 && !this.ignoresKeyFrames
    const packets = this.stream.picture(isKey || isAsked, 0)
    for (const { payload, marker, descriptor, packet } of packets) {
      const extensions = descriptor ? ([[descriptorId, descriptor]] as const) : []
      const fields = { payloadType: 96, marker, sequenceNumber: this.#place & 0xffff, timestamp: 0, ssrc: 1 }
      const rtp = parsed(layeredRtp({ ...fields, extensions, payload }))
      const frame = this.#frame.read(rtp, this.#codec.replace('-flexible', ''), this.#descriptors, this.#place)
      if (this.#place === 0) this.gate.begin()
      const place = this.#place++
      if (!this.gate.passes(frame, place) || !packet) continue
      if (this.ended) throw new Error('something follows the end of a picture')
      if (packet.needs.some(needed => !this.#decoded.has(needed))) {
        throw new Error(`${JSON.stringify(packet)} lacks what it needs`)
      }
      if (packet.index === packet.count - 1) this.#decoded.add(packet.frame)
      this.ended = marker || this.gate.isLast(frame, place)
      this.passed.push(packet)
    }
    if (this.passed.length > 0 && !this.ended) throw new Error('a picture has no end')
  }

  pictures(count: number): LayeredPacket[] {
    const all: LayeredPacket[] = []
    for (let i = 0; i < count; i++) {
      this.picture()
      all.push(...this.passed)
    }
    return all
  }
}

const highest = (packets: readonly LayeredPacket[], layer: 'spatial' | 'temporal') =>
  Math.max(...packets.map(packet => packet[layer]))

describe.each(modes)('$name', ({ name: _, ...options }) => {
  test('whatever is wanted, in whatever order: what passes can be decoded, ends, and comes to be what is wanted', () => {
    for (let seed = 1; seed <= 3; seed++) {
      const random = seededRandom(seed)
      const passage = new Passage(options)
      const layer = (count: number) => Math.floor(random() * count)
      for (let changes = 0; changes < 12; changes++) {
        const want = { spatial: layer(options.spatialLayers), temporal: layer(options.temporalLayers) }
        passage.gate.want(want.spatial, want.temporal)
        if (random() < 0.2) passage.stream.encoder.spatialLayers = 1 + layer(options.spatialLayers)
        const key = random() < 0.2 ? layer(20) : -1
        for (let i = 0, count = layer(24); i < count; i++) passage.picture(i === key)
        if (random() < 0.5) continue
        passage.pictures(20)
        const packets = passage.pictures(8)
        const top = Math.min(want.spatial, passage.stream.encoder.spatialLayers - 1)
        // That a layer is gone is only to be seen by its absence there.
        if (!options.described && options.keyOnly && top < want.spatial) continue
        expect(highest(packets, 'spatial'), `seed ${seed}`).toBe(top)
        expect(highest(packets, 'temporal'), `seed ${seed}`).toBe(want.temporal)
      }
    }
  })
})

test('fewer temporal layers from the next picture on; more where one begins, without a key frame', () => {
  const passage = new Passage({ codec: 'vp8', described: false, ...l1t3 })
  passage.pictures(5)
  passage.gate.want(0, 0)
  expect(passage.pictures(8).map(({ temporal }) => temporal)).toEqual([0, 0])
  passage.gate.want(0, highestLayer)
  expect(highest(passage.pictures(8), 'temporal')).toBe(2)
  expect(passage.gate.needsKeyFrame).toBe(false)
})

test('full SVC goes down at once, and up with a key picture alone', () => {
  for (const options of [{ codec: 'vp9', described: false } as const, { codec: 'av1', described: true } as const]) {
    const passage = new Passage({ ...options, ...l3t3 })
    passage.picture()
    passage.gate.want(0, highestLayer)
    expect(passage.gate.needsKeyFrame).toBe(false)
    passage.picture()
    expect(highest(passage.passed, 'spatial')).toBe(0)
    passage.gate.want(2, highestLayer)
    expect(passage.gate.needsKeyFrame).toBe(true)
    passage.picture(true)
    expect(highest(passage.passed, 'spatial')).toBe(2)
    expect(passage.gate.needsKeyFrame).toBe(false)
  }
})

test('where higher layers go without the lower, a smaller picture waits for a key picture; until then only the base goes out', () => {
  for (const options of [{ codec: 'vp9', described: false } as const, { codec: 'av1', described: true } as const]) {
    const passage = new Passage({ ...options, ...l3t3Key })
    passage.picture()
    passage.picture()
    expect(passage.passed.map(({ spatial }) => spatial)).toEqual([2, 2, 2, 2])
    passage.gate.want(0, highestLayer)
    expect(passage.gate.needsKeyFrame).toBe(true)
    passage.ignoresKeyFrames = true
    const waiting = passage.pictures(8)
    expect(new Set(waiting.map(({ spatial, temporal }) => `${spatial}/${temporal}`))).toEqual(new Set(['2/0']))
    passage.ignoresKeyFrames = false
    passage.picture()
    expect(highest(passage.passed, 'spatial')).toBe(0)
  }
})
