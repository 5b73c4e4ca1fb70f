import { describe, expect, it } from 'vitest'
import { SpeakerDetector } from './speaker-detector.ts'
import { tickMs, type Voice } from './voice.ts'

const packetMs = 20

/** 0 to 1, the same in every run of a seed. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** What a microphone sends at a time: a level in -dBov, or undefined where no packet is sent. */
type Microphone = (now: number) => number | undefined

interface Talk {
  /** From when to when, ms. */
  readonly spans: readonly (readonly [number, number])[]
  readonly seed?: number
  readonly loudness?: number
  /** What is heard in the pauses, -dBov. */
  readonly noise?: number
  /** Silence is not sent, but for a packet in 400 ms. */
  readonly dtx?: boolean
}

/** Talks in syllables of 80 to 250 ms with dips of 15 dB between them, and a pause between words now and then. */
function talker({ spans, seed = 1, loudness = 25, noise = 75, dtx = false }: Talk): Microphone {
  const random = seeded(seed)
  let until = 0
  let part: 'syllable' | 'dip' | 'pause' = 'pause'
  let quietMs = 0
  return now => {
    if (now >= until) {
      part = part !== 'syllable' ? 'syllable' : random() < 0.2 ? 'pause' : 'dip'
      const [least, more] = { syllable: [80, 170], dip: [20, 60], pause: [250, 200] }[part] as [number, number]
      until = now + least + random() * more
    }
    const talks = spans.some(([from, to]) => now >= from && now < to) && part !== 'pause'
    quietMs = talks ? 0 : quietMs + packetMs
    if (dtx && quietMs > 200 && now % 400 >= packetMs) return undefined
    const level = talks ? Math.min(noise, part === 'dip' ? loudness + 15 : loudness) : noise
    return Math.round(level + (random() - 0.5) * 6)
  }
}

/** One sound. */
const noiseAt =
  (from: number, ms: number, level = 20): Microphone =>
  now =>
    now >= from && now < from + ms ? level : 75

/** Plays what the microphones send until then; returns when who became the speaker. */
function play(until: number, microphones: readonly Microphone[]) {
  let nextTick = Number.POSITIVE_INFINITY
  let wakings = 0
  const detector = new SpeakerDetector(now => {
    nextTick = now + tickMs
    wakings++
  })
  const voices: Voice[] = microphones.map((_, id) => detector.add(id))
  const changes: { at: number; speaker: number | undefined }[] = []
  let news = 0
  for (let now = 0; now < until; now += packetMs) {
    if (now >= nextTick) {
      if (detector.tick()) news++
      nextTick = detector.idle ? Number.POSITIVE_INFINITY : now + tickMs
      const [speaker] = detector.speakers
      if (speaker !== changes.at(-1)?.speaker) changes.push({ at: now, speaker })
    }
    for (const [id, microphone] of microphones.entries()) {
      const level = microphone(now)
      if (level !== undefined) voices[id]?.heard(level, now)
    }
  }
  return { changes, detector, news, wakings }
}

const speakersOf = (changes: readonly { speaker: number | undefined }[]) => changes.map(({ speaker }) => speaker)
const seeds = Array.from({ length: 40 }, (_, i) => i + 1)

describe('a conversation', () => {
  it.each([false, true])('is followed turn by turn, whoever sends silence or not (DTX: %s)', dtx => {
    const took: number[] = []
    for (const seed of seeds) {
      const { changes } = play(20_000, [
        talker({ spans: [[0, 7000]], seed, dtx }),
        talker({ spans: [[7000, 13_000]], seed: seed + 100, dtx }),
        talker({ spans: [[13_000, 20_000]], seed: seed + 200, dtx }),
      ])
      expect(speakersOf(changes), `seed ${seed}`).toEqual([0, 1, 2])
      for (const { at } of changes.slice(1)) took.push(at - (at < 10_000 ? 7000 : 13_000))
    }
    took.sort((a, b) => a - b)
    expect(took[0]).toBeGreaterThanOrEqual(500)
    expect(took[took.length / 2]).toBeLessThanOrEqual(1000)
    // Some begin with a pause.
    expect(took[0.9 * took.length]).toBeLessThanOrEqual(1500)
    expect(took.at(-1)).toBeLessThanOrEqual(2500)
  })

  it('goes on when the other answers at once, though their voices overlap for a moment', () => {
    for (const seed of seeds) {
      const { changes } = play(9000, [
        talker({ spans: [[0, 4300]], seed }),
        talker({ spans: [[4000, 9000]], seed: seed + 100 }),
      ])
      expect(speakersOf(changes), `seed ${seed}`).toEqual([0, 1])
    }
  })

  it('stays with the speaker while somebody throws in a word', () => {
    for (const seed of seeds) {
      const words = [3000, 6000, 9000].map(at => [at, at + 450] as const)
      const { changes } = play(12_000, [
        talker({ spans: [[0, 12_000]], seed }),
        talker({ spans: words, seed: seed + 100 }),
      ])
      expect(speakersOf(changes), `seed ${seed}`).toEqual([0])
    }
  })

  it('mostly stays with the first of two who talk at once, and knows of the other', () => {
    let switches = 0
    for (const seed of seeds) {
      const { changes, detector } = play(10_000, [
        talker({ spans: [[0, 10_000]], seed }),
        talker({ spans: [[3000, 10_000]], seed: seed + 100 }),
      ])
      switches += changes.length - 1
      expect([...detector.speakers].sort()).toEqual([0, 1])
    }
    // In pauses of half a second.
    expect(switches).toBeLessThan(seeds.length / 4)
  })

  it('shows a voice, not its echo in another microphone', () => {
    for (const seed of seeds) {
      const spans = [[2000, 8000]] as const
      const { changes } = play(8000, [
        talker({ spans, seed, loudness: 45 }),
        talker({ spans, seed, loudness: 22 }),
        talker({ spans: [], seed: 5 }),
      ])
      expect(speakersOf(changes).at(-1), `seed ${seed}`).toBe(1)
    }
  })

  it('keeps the last speaker while everybody is silent, and forgets nobody', () => {
    const { detector } = play(60_000, [
      talker({ spans: [[0, 2000]] }),
      talker({ spans: [[4000, 6000]], seed: 2 }),
      talker({ spans: [], seed: 3 }),
    ])
    expect(detector.speakers).toEqual([1, 0])
    expect(detector.speaking).toEqual([])
    expect(detector.idle).toBe(true)
  })
})

describe('what is no speech', () => {
  it('a cough or a slammed door, in a pause or while somebody speaks', () => {
    const { changes } = play(20_000, [talker({ spans: [[1000, 8000]] }), noiseAt(4000, 400), noiseAt(14_000, 500, 10)])
    expect(speakersOf(changes)).toEqual([0])
  })

  it('a click lights up nobody', () => {
    const { news } = play(4000, [noiseAt(1000, 20, 0), noiseAt(2500, 80, 5)])
    expect(news).toBe(0)
  })

  it('typing', () => {
    const random = seeded(7)
    let until = 0
    const keys: Microphone = now => {
      if (now >= until) until = now + 120 + random() * 150
      return until - now <= packetMs ? 30 : 75
    }
    expect(speakersOf(play(20_000, [keys]).changes)).toEqual([])
  })

  it.each([35, 45, 55])('a fan at -%d dBov, which a voice has to be clearly above', fan => {
    const random = seeded(9)
    const hum: Microphone = () => fan + Math.round((random() - 0.5) * 4)
    // A loud one may pass for a voice until it is known that it never pauses.
    const { detector } = play(10_000, [hum])
    expect(detector.speaking).toEqual([])
    const { changes } = play(20_000, [hum, talker({ spans: [[10_000, 20_000]], noise: fan, loudness: fan - 15 })])
    expect(speakersOf(changes).at(-1)).toBe(1)
  })

  it('levels that never change, however loud they say they are', () => {
    const { changes, detector } = play(30_000, [talker({ spans: [[0, 30_000]] }), () => 0, () => 127])
    expect(detector.speakers[0]).toBe(0)
    expect(detector.speaking).toEqual([0])
    expect(changes.filter(({ at }) => at > 16_000)).toEqual([])
  })

  it('loudness alone does not take over from a speaker', () => {
    const shouting: Microphone = now => (now > 8000 && now < 8600 ? 0 : 75)
    expect(speakersOf(play(20_000, [talker({ spans: [[0, 20_000]] }), shouting]).changes)).toEqual([0])
  })
})

describe('fifty who are silent', () => {
  it('cost nothing while they are, and the one who speaks is found', () => {
    const silent = Array.from({ length: 50 }, () => () => 127)
    const { changes, wakings } = play(10_000, [...silent, talker({ spans: [[5000, 10_000]], noise: 127 })])
    expect(speakersOf(changes)).toEqual([50])
    expect(wakings).toBe(1)
  })

  it('with noise of their own are not taken for speakers', () => {
    const noisy = Array.from({ length: 50 }, (_, seed) => talker({ spans: [], seed, noise: 48 + (seed % 20) }))
    const { changes } = play(15_000, [...noisy, talker({ spans: [[8000, 15_000]], seed: 99 })])
    expect(speakersOf(changes)).toEqual([50])
  })
})

describe('somebody who leaves', () => {
  it('is the speaker no longer, and the one before is', () => {
    const { detector } = play(8000, [
      talker({ spans: [[0, 3000]] }),
      talker({ spans: [[4000, 8000]], seed: 2 }),
      talker({ spans: [], seed: 3 }),
    ])
    expect(detector.remove(2)).toBe(false)
    expect(detector.remove(1)).toBe(true)
    expect(detector.remove(1)).toBe(false)
    expect(detector.speakers).toEqual([0])
    expect(detector.speaking).toEqual([])
    for (let i = 0; i < 30; i++) detector.tick()
    expect(detector.idle).toBe(true)
  })
})

it('a muted microphone, which sends nothing, is silent after half a second', () => {
  const talks = talker({ spans: [[0, 10_000]] })
  const muted: Microphone = now => (now < 3000 ? talks(now) : undefined)
  const { detector, changes } = play(3600, [muted])
  expect(speakersOf(changes)).toEqual([0])
  expect(detector.speaking).toEqual([])
})

it('remembers the last ten', () => {
  const people = Array.from({ length: 14 }, (_, i) => talker({ spans: [[i * 3000, i * 3000 + 2500]], seed: i + 1 }))
  const { detector } = play(14 * 3000, people)
  expect(detector.speakers).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4])
})
