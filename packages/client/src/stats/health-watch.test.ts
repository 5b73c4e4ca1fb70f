import { describe, expect, test } from 'vitest'
import { type Browser, BrowserStats, type Flow } from '../testing/browser-stats.ts'
import { HealthWatch } from './health-watch.ts'
import type { Trouble } from './types.ts'

const everyMs = 2_000

/** A connection with each of `peers`, measured every other second. */
function watch(browser: Browser, ...peers: readonly string[]) {
  const health = new HealthWatch()
  const paths = (peers.length > 0 ? peers : ['bob']).map(peer => new BrowserStats(browser, peer))
  let now = 0
  return {
    /** @returns the troubles after so many seconds in which all paths, or each path, do so. */
    go(seconds: number, ...flows: readonly Partial<Flow>[]): readonly Trouble[] {
      let troubles: readonly Trouble[] = []
      for (let ms = 0; ms < seconds * 1000; ms += everyMs) {
        now += everyMs
        const stats = paths.map((path, index) => path.after(everyMs, flows[index] ?? flows[0] ?? {}))
        troubles = health.receive('me', stats, now).troubles
      }
      return troubles
    },
  }
}

const squeezed = { limitedBy: 'bandwidth', sentHeight: 180, sentBps: 250_000, availableBps: 280_000 }
const lossIn = { packetsIn: 100, lostIn: 60, framesIn: 20, decoded: 5 }

const rows: readonly (readonly [Browser, string, Partial<Flow>, readonly Trouble[]])[] = [
  ['Chromium', 'all is well', {}, []],
  ['Chromium', 'it says that the processor limits the picture', { limitedBy: 'cpu' }, ['slow-encoding']],
  ['Chromium', 'the encoder works hard, and keeps up', { encoding: 0.95 }, []],
  [
    'Chromium',
    'the encoder is busy and leaves a third behind, whatever it says',
    { encoding: 0.85, sentFrames: 20 },
    ['slow-encoding'],
  ],
  ['Chromium', 'many frames stay behind, and not for the encoder', { encoding: 0.1, sentFrames: 20 }, []],
  ['Chromium', 'the line has made the picture small', squeezed, ['thin-uplink']],
  ['Chromium', 'the line has made it slow', { ...squeezed, sentHeight: 720, sentFrames: 8 }, ['thin-uplink']],
  ['Chromium', 'our own limit has, and the line has room', { ...squeezed, availableBps: 2_000_000 }, []],
  [
    'Chromium',
    'the line carries next to nothing, and nothing is said to limit',
    { availableBps: 88_000 },
    ['thin-uplink'],
  ],
  ['Chromium', 'much of what we send is lost', { lossOut: 0.3 }, ['thin-uplink']],
  ['Chromium', 'little of it is', { lossOut: 0.04 }, []],
  ['Chromium', 'much of what comes is lost', lossIn, ['thin-downlink']],
  ['Chromium', 'some is lost, and pictures freeze', { lostIn: 8, freezes: 0.5 }, ['thin-downlink']],
  ['Chromium', 'pictures freeze, and nothing is lost', { freezes: 0.5 }, []],
  ['Chromium', 'the decoder cannot keep up', { decoded: 12, decoding: 0.98 }, ['slow-decoding']],
  ['Chromium', 'the decoder waits for a key frame', { decoded: 0, decoding: 0 }, []],
  ['Chromium', 'both directions suffer', { ...lossIn, lossOut: 0.3 }, ['thin-uplink', 'thin-downlink']],
  ['Firefox', 'all is well', {}, []],
  ['Firefox', 'the encoder is busy: how much it drops cannot be told', { encoding: 0.99, sentFrames: 9 }, []],
  ['Firefox', 'much of what we send is lost', { lossOut: 0.3, sentHeight: 180 }, ['thin-uplink']],
  ['Firefox', 'much of what comes is lost', lossIn, ['thin-downlink']],
  ['Firefox', 'the decoder cannot keep up', { decoded: 12, decoding: 0.98 }, ['slow-decoding']],
  ['one that leaves out whatever it may', 'who knows', { ...lossIn, limitedBy: 'cpu', lossOut: 0.5 }, []],
]

describe('what a browser’s statistics say', () => {
  test.each(rows)('%s: %s', (browser, _, flow, troubles) => {
    const one = watch(browser)
    expect(one.go(30, flow)).toEqual(troubles)
    expect(one.go(30)).toEqual([])
  })
})

describe('when it is said', () => {
  test('not before it has lasted, and until it has not for as long', () => {
    const one = watch('Chromium')
    expect(one.go(20)).toEqual([])
    expect(one.go(8, { limitedBy: 'cpu' })).toEqual([])
    expect(one.go(6, { limitedBy: 'cpu' })).toEqual(['slow-encoding'])
    expect(one.go(6)).toEqual(['slow-encoding'])
    expect(one.go(8)).toEqual([])
  })

  test('what comes and goes changes nothing, whichever way it was', () => {
    const flicker = (one: ReturnType<typeof watch>) =>
      Array.from({ length: 20 }, (_, i) => one.go(2, i % 2 ? {} : { limitedBy: 'cpu' }).length)
    const well = watch('Chromium')
    well.go(20)
    expect(new Set(flicker(well))).toEqual(new Set([0]))
    const ill = watch('Chromium')
    ill.go(20, { limitedBy: 'cpu' })
    expect(new Set(flicker(ill))).toEqual(new Set([1]))
  })

  test('it is over at once when there is no picture any more', () => {
    const one = watch('Chromium')
    expect(one.go(20, { limitedBy: 'cpu' })).toEqual(['slow-encoding'])
    expect(one.go(2, { limitedBy: 'cpu', sentBps: 0 })).toEqual([])
  })

  test('what a browser stops to tell is over when it has not been told for a while', () => {
    const health = new HealthWatch()
    const path = new BrowserStats('Chromium')
    let now = 0
    const next = (flow?: Partial<Flow>) => {
      now += everyMs
      return health.receive('me', flow ? [path.after(everyMs, flow)] : [mute.after(everyMs)], now).troubles
    }
    const mute = new BrowserStats('one that leaves out whatever it may')
    for (let i = 0; i < 10; i++) next({ limitedBy: 'cpu' })
    expect(next()).toEqual(['slow-encoding'])
    for (let i = 0; i < 6; i++) next()
    expect(next()).toEqual([])
  })
})

describe('with several people', () => {
  test('our line is not thin where one path does well', () => {
    expect(watch('Chromium', 'bob', 'cy').go(30, squeezed, {})).toEqual([])
    expect(watch('Chromium', 'bob', 'cy').go(30, squeezed, squeezed)).toEqual(['thin-uplink'])
    expect(watch('Chromium', 'bob', 'cy').go(30, lossIn, {})).toEqual([])
    expect(watch('Chromium', 'bob', 'cy').go(30, lossIn, lossIn)).toEqual(['thin-downlink'])
  })

  test('one encoder that cannot keep up is enough', () => {
    expect(watch('Chromium', 'bob', 'cy').go(30, { limitedBy: 'cpu' }, {})).toEqual(['slow-encoding'])
  })
})

test('each has the quality of their path, and we the best, where none is our own', () => {
  const stats = [new BrowserStats('Chromium', 'bob').after(2_000), new BrowserStats('Chromium', 'cy').after(2_000)]
  const [bob, cy] = stats.map(path => ({ ...path, roundTripMs: path.participant === 'bob' ? 300 : 1_000 }))
  if (!bob || !cy) throw new Error('Two were measured.')
  expect(new HealthWatch().receive('me', [cy, bob], 0).qualities).toEqual(
    new Map([
      ['cy', 1],
      ['bob', 3],
      ['me', 3],
    ]),
  )
  const own = { ...cy, participant: 'me' }
  expect(new HealthWatch().receive('me', [own, bob], 0).qualities).toEqual(
    new Map([
      ['me', 1],
      ['bob', 3],
    ]),
  )
})
