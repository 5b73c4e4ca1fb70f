import { describe, expect, it } from 'vitest'
import { SpeakerChoice } from './speaker-choice.ts'

const stepMs = 100

/** Plays who is loud when (ms ranges), and returns every change of the speaker with its time. */
function play(until: number, talk: Record<string, [number, number][]>, choice = new SpeakerChoice()) {
  const changes: [number, string | undefined][] = []
  let current: string | undefined
  for (let now = 0; now <= until; now += stepMs) {
    const loud = Object.entries(talk).filter(([, spans]) => spans.some(([from, to]) => now >= from && now < to))
    const speaker = choice.receive(new Map(loud.map(([id]) => [id, 0.4])), now).recent[0]
    if (speaker !== current) changes.push([now, speaker])
    current = speaker
  }
  return changes
}

/** Words with pauses between them. */
function words(from: number, to: number): [number, number][] {
  const spans: [number, number][] = []
  for (let at = from; at < to; at += 500) spans.push([at, Math.min(to, at + 350)])
  return spans
}

describe('SpeakerChoice', () => {
  it('follows a conversation, once per turn', () => {
    const changes = play(20_000, { ann: words(0, 6000), ben: words(6500, 12_000), cat: words(12_500, 20_000) })
    expect(changes.map(([, id]) => id)).toEqual(['ann', 'ben', 'cat'])
    expect(changes[1]?.[0]).toBeLessThan(9000)
  })

  it('does not switch for a cough', () => {
    const changes = play(10_000, { ann: words(0, 10_000), ben: [[5000, 5300]] })
    expect(changes.map(([, id]) => id)).toEqual(['ann'])
  })

  it('does not switch for a cough in silence either', () => {
    const changes = play(10_000, { ann: words(0, 3000), ben: [[7000, 7400]] })
    expect(changes.map(([, id]) => id)).toEqual(['ann'])
  })

  it('stays with the first of two who speak at once', () => {
    const changes = play(10_000, { ann: [[0, 10_000]], ben: [[2000, 10_000]] })
    expect(changes.map(([, id]) => id)).toEqual(['ann'])
  })

  it('never changes twice within two seconds', () => {
    const changes = play(30_000, {
      ann: [
        [0, 900],
        [2000, 2900],
        [4000, 4900],
      ],
      ben: [
        [1000, 1900],
        [3000, 3900],
      ],
    })
    for (const [i, [at]] of changes.entries())
      if (i > 0) expect(at - (changes[i - 1]?.[0] ?? 0)).toBeGreaterThanOrEqual(2000)
  })

  it('keeps the last speaker through silence, and drops who left', () => {
    const choice = new SpeakerChoice()
    play(2000, { ann: [[0, 2000]] }, choice)
    expect(choice.receive(new Map(), 60_000)).toEqual({ recent: ['ann'], speaking: [] })
    choice.forget('ann')
    expect(choice.receive(new Map(), 60_100)).toEqual({ recent: [], speaking: [] })
  })

  it('counts a long gap between measurements as a short one', () => {
    const choice = new SpeakerChoice()
    choice.receive(new Map([['ann', 0.5]]), 0)
    expect(choice.receive(new Map([['ann', 0.5]]), 90_000).recent).toEqual([])
  })

  it('hears no one in a murmur', () => {
    const choice = new SpeakerChoice()
    for (let now = 0; now < 5000; now += stepMs) {
      expect(choice.receive(new Map([['ann', 0.02]]), now)).toEqual({ recent: [], speaking: [] })
    }
  })

  it('knows who spoke before, and who is heard now', () => {
    const choice = new SpeakerChoice(['cat'])
    play(8000, { ann: words(0, 3000), ben: words(3000, 8000) }, choice)
    expect(choice.receive(new Map([['ann', 0.4]]), 8100)).toEqual({
      recent: ['ben', 'ann', 'cat'],
      speaking: ['ben', 'ann'],
    })
    choice.forget('ben')
    expect(choice.receive(new Map(), 8700)).toEqual({ recent: ['ann', 'cat'], speaking: [] })
  })
})
