import { loudness } from '@parley/ui/page'
import { describe, expect, it } from 'vitest'
import { SilenceDetector, TalkDetector } from './detectors.ts'

const tickMs = 40

/** Feeds one level for a while; what the detector said at the end. */
function feed<T>(detector: { next(level: number, now: number): T }, level: number, fromMs: number, forMs: number): T[] {
  const said: T[] = []
  for (let now = fromMs; now < fromMs + forMs; now += tickMs) said.push(detector.next(level, now))
  return said
}

describe('SilenceDetector', () => {
  it('is silent after five seconds of nothing, and no earlier', () => {
    const detector = new SilenceDetector()
    expect(new Set(feed(detector, 0, 0, 5000))).toEqual(new Set(['listening']))
    expect(detector.next(0, 5000)).toBe('silent')
  })

  it('once heard, stays heard through a long pause', () => {
    const detector = new SilenceDetector()
    feed(detector, 0, 0, 2000)
    expect(detector.next(0.4, 2000)).toBe('heard')
    expect(feed(detector, 0, 2040, 60_000).at(-1)).toBe('heard')
  })

  it('recovers when a voice comes late', () => {
    const detector = new SilenceDetector()
    feed(detector, 0, 0, 8000)
    expect(detector.next(0.2, 8000)).toBe('heard')
  })
})

describe('TalkDetector', () => {
  it('fires once for speech, then is quiet for a while', () => {
    const detector = new TalkDetector()
    expect(feed(detector, 0.6, 0, 10_000).filter(Boolean)).toHaveLength(1)
    expect(feed(detector, 0.6, 10_000, 10_000).filter(Boolean)).toHaveLength(1)
  })

  it('takes a cough or a key for what they are', () => {
    const detector = new TalkDetector()
    expect(feed(detector, 0.9, 0, 200)).not.toContain(true)
    feed(detector, 0, 200, 2000)
    expect(feed(detector, 0.9, 2200, 200)).not.toContain(true)
  })

  it('bears the gaps between words', () => {
    const detector = new TalkDetector()
    const said: boolean[] = []
    for (let at = 0; at < 2000; at += 300)
      said.push(...feed(detector, 0.6, at, 200), ...feed(detector, 0.05, at + 200, 100))
    expect(said).toContain(true)
  })
})

describe('loudness', () => {
  it.each([
    [0, 0],
    [0.0005, 0],
    [0.25, 1],
    [1, 1],
  ])('of a constant %f is %f', (sample, level) => {
    expect(loudness(new Float32Array(1024).fill(sample))).toBeCloseTo(level, 1)
  })

  it('grows with the samples', () => {
    const at = (sample: number) => loudness(new Float32Array(256).fill(sample))
    expect(at(0.02)).toBeGreaterThan(at(0.01))
  })
})
