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
  const piped = seed % 2 === 0
  const call = new LayeredSimulation({ ...mode, obeys: random() < 0.5, random, up, down: bad(0.06), piped })
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
  test(`any order of wishes, losses and changes, and every second time through a pipe: ${seeds} seeds`, () => {
    for (let seed = 1; seed <= seeds; seed++) {
      try {
        simulate(mode, seed)
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error })
      }
    }
  }, 3_600_000)
})

describe.each([true, false])('demand, of a publisher that obeys: %s', obeys => {
  const good = { delayMs: 20 }
  const vp8 = modes[0] as Mode
  const call = () => new LayeredSimulation({ ...vp8, obeys, random: seededRandom(1), up: good, down: good })

  test('what nobody wants is off after two seconds; wanted again, it is demanded at once and comes with its key frame', () => {
    const of = call()
    const watcher = of.join({ ...wantAll, pixels: 320 * 180 })
    of.run(4000)
    expect(of.demands.map(({ layers }) => layers)).toEqual([[true, false, false]])
    expect(of.demands[0]?.at).toBeLessThan(2600)
    of.run(8000)
    of.want(watcher, wantAll)
    expect(of.demands.at(-1)).toEqual({ at: 8000, layers: [true, true, true] })
    of.run(8500)
    expect(received(watcher, 8400).size).toBe(2)
    expect(of.activity.map(({ active }) => active)).toEqual([true])
    of.end()
  })

  test('nobody wants anything: it has not ended, and comes back for whoever asks', () => {
    const of = call()
    const watcher = of.join()
    of.run(1000)
    of.want(watcher, { ...wantAll, paused: true })
    // Long enough, and then at any time of the clock that looks for silence.
    for (const pause of [5000, 5700, 6400]) {
      of.run(of.now + pause)
      expect(of.demands.at(-1)?.layers).toEqual([false, false, false])
      of.want(watcher, wantAll)
      of.run(of.now + 700)
      expect(received(watcher, of.now - 200).size).toBe(2)
      of.want(watcher, { ...wantAll, paused: true })
    }
    expect(of.activity.map(({ active }) => active)).toEqual([true])
    of.end()
  })
})

test('what one subscriber wants changes nothing for another', () => {
  const run = (wants: readonly Want[]) => {
    const good = { delayMs: 20 }
    const call = new LayeredSimulation({
      ...(modes[0] as Mode),
      ...{ obeys: true, random: seededRandom(3), up: good, down: good },
    })
    const watcher = call.join({ ...wantAll, pixels: 640 * 360 })
    const other = call.join()
    for (const want of wants) {
      call.run(call.now + 700)
      call.want(other, want)
    }
    call.run(5000)
    const frames = watcher.receiver.decoder.decoded.filter(({ at }) => at > 500 && at < 4900)
    call.end()
    return new Set(frames.map(({ at, packet }) => `${Math.floor(at / 500)} ${packet.encoding} ${packet.temporal}`))
  }
  const paused = { ...wantAll, paused: true }
  expect(run([paused, wantAll, { ...wantAll, pixels: 1 }, paused, wantAll])).toEqual(run([]))
})
