import { seededRandom } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { type Want, wantAll } from '../control.ts'
import { largestUseful } from './layers.ts'
import type { LayeredCodec } from './testing/layered-payloads.ts'
import type { EncodingOptions } from './testing/layered-publisher.ts'
import { LayeredSimulation, type LayeredSimulationOptions, type Watcher } from './testing/layered-simulation.ts'

/** More with `ROUTER_SEEDS=5000`. */
const seeds = Number(process.env.ROUTER_SEEDS ?? 3)

const one = { spatialLayers: 1, temporalLayers: 3, keyOnly: false, width: 1280, height: 720, packets: 2 }
const simulcast: readonly EncodingOptions[] = [
  { ...one, width: 320, height: 180, packets: 1 },
  { ...one, width: 640, height: 360, packets: 2 },
  { ...one, packets: 4 },
]
const svc: readonly EncodingOptions[] = [{ ...one, spatialLayers: 3, packets: 1 }]
const keySvc = svc.map(options => ({ ...options, keyOnly: true }))
const flat = simulcast.map(options => ({ ...options, temporalLayers: 1 }))

interface Mode extends Pick<LayeredSimulationOptions, 'encodings' | 'codec' | 'described'> {
  readonly name: string
}

const modes: readonly Mode[] = [
  { name: 'VP8 simulcast', codec: 'vp8', described: false, encodings: simulcast },
  { name: 'VP8 simulcast by descriptor', codec: 'vp8', described: true, encodings: simulcast },
  { name: 'H.264 simulcast', codec: 'h264', described: false, encodings: flat },
  { name: 'VP9 simulcast', codec: 'vp9', described: false, encodings: simulcast },
  { name: 'VP9 L3T3', codec: 'vp9', described: false, encodings: svc },
  { name: 'VP9 L3T3_KEY', codec: 'vp9-flexible', described: false, encodings: keySvc },
  { name: 'VP9 L3T3_KEY by descriptor', codec: 'vp9-flexible', described: true, encodings: keySvc },
  { name: 'AV1 L3T3', codec: 'av1', described: true, encodings: svc },
  { name: 'AV1 L3T3_KEY', codec: 'av1', described: true, encodings: keySvc },
]

function randomWant(random: () => number): Want {
  const pick = <T>(...values: readonly T[]) => values[Math.floor(random() * values.length)] as T
  return {
    ...wantAll,
    pixels: pick(undefined, 100 * 60, 320 * 180, 600 * 330, 1280 * 720, 4000 * 2000),
    layer: pick(undefined, undefined, { spatial: pick(undefined, 0, 1, 2), temporal: pick(undefined, 0, 1, 2) }),
  }
}

/** In which size and at which frame rate a subscriber is to get it where all layers flow. */
function expected({ encodings, codec }: Mode, want: Want): { size: number; temporal: number } {
  const sizes = [320 * 180, 640 * 360, 1280 * 720].map(pixels => (codec === 'h264' ? 0 : pixels))
  const size = Math.min(2, largestUseful(sizes, want))
  const most = (encodings[0] as EncodingOptions).temporalLayers - 1
  return { size, temporal: Math.min(most, want.layer?.temporal ?? most) }
}

function received({ receiver }: Watcher, since: number): { size: number; temporal: number } {
  const packets = receiver.decoder.decoded.filter(({ at }) => at >= since).map(({ packet }) => packet)
  return {
    size: Math.max(...packets.map(({ encoding, spatial }) => encoding + spatial)),
    temporal: Math.max(...packets.map(({ temporal }) => temporal)),
  }
}

function happen(call: LayeredSimulation, mode: Mode, random: () => number): void {
  const { publisher, watchers } = call
  const watcher = watchers[Math.floor(random() * watchers.length)] as Watcher
  const encoding = publisher.encodings[Math.floor(random() * publisher.encodings.length)]
  if (!encoding) return
  const others: readonly LayeredCodec[] = mode.encodings === simulcast ? ['vp8', 'vp9'] : [mode.codec]
  const events = [
    () => call.want(watcher, randomWant(random)),
    () => call.want(watcher, randomWant(random)),
    () => call.want(watcher, { ...watcher.want, paused: random() < 0.5 }),
    () => watchers.length < 3 && call.join({ ...randomWant(random), paused: random() < 0.2 }),
    () => watchers.length > 1 && call.leave(watcher),
    () => publisher.suspend(encoding, random() < 0.6),
    () => publisher.restart(encoding, random() < 0.5),
    () => publisher.changeCodec(others[Math.floor(random() * others.length)] as LayeredCodec),
    () => {
      publisher.muted = random() < 0.4
    },
    () => {
      encoding.stream.encoder.spatialLayers = 1 + Math.floor(random() * encoding.stream.options.spatialLayers)
    },
  ]
  events[Math.floor(random() * events.length)]?.()
}

function simulate(mode: Mode, seed: number): void {
  const random = seededRandom(seed)
  const isGoodUp = random() < 0.4
  const bad = (most: number) => ({
    ...{ delayMs: 5 + 60 * random(), jitterMs: 10 * random(), loss: most * random() },
    ...{ duplication: 0.02 * random(), reordering: 0.08 * random() },
  })
  const up = isGoodUp ? { delayMs: 20 } : bad(0.06)
  const call = new LayeredSimulation({ ...mode, obeys: random() < 0.5, random, up, down: bad(0.06) })
  call.join(randomWant(random))
  while (call.now < 4000) {
    call.run(call.now + 100 + 500 * random())
    happen(call, mode, random)
  }
  call.calm()
  call.publisher.muted = false
  for (const encoding of call.publisher.encodings) {
    call.publisher.suspend(encoding, false)
    const { encoder } = encoding.stream
    encoder.spatialLayers = encoder.options.spatialLayers
  }
  for (const watcher of call.watchers) call.want(watcher, randomWant(random))
  call.run(call.now + 4000)
  for (const watcher of call.watchers) {
    const seen = received(watcher, call.now - 500)
    expect(seen, JSON.stringify(watcher.want)).toEqual(expected(mode, watcher.want))
  }
  if (isGoodUp) expect(call.gaps, 'gaps').toBe(0)
  call.end()
}

describe.each(modes)('$name', mode => {
  test(`any order of wishes, losses and changes: ${seeds} seeds`, () => {
    for (let seed = 1; seed <= seeds; seed++) {
      try {
        simulate(mode, seed)
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error })
      }
    }
  }, 3_600_000)
})
