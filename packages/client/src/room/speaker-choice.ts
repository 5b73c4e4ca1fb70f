import type { Speakers } from '@parley/protocol'

/** Louder than this (0..1) counts as speaking. */
const speakingLevel = 0.06

const settings = {
  /** How much speech makes somebody the speaker; a cough or a slammed door is shorter. */
  attackMs: 600,
  /** Credit for speech stops growing here, so that somebody else can take over after a monologue. */
  creditMs: 1500,
  /** A speaker stays at least this long. */
  holdMs: 2000,
  /** A gap between two measurements counts at most this much. */
  stepMs: 300,
  /** Somebody is speaking until so long after their last sound. */
  lingerMs: 450,
} as const

/** As many as the server tells of. */
const mostSpeakers = 10

/**
 * Decides who is speaking by what can be heard here, without flicker: pauses between words do not count as silence, short noises
 * do not count as speech, and the last speaker stays when everybody is silent. Pure: time is passed in, in ms.
 */
export class SpeakerChoice {
  #credit = new Map<string, number>()
  #heardAt = new Map<string, number>()
  #recent: readonly string[]
  #since = Number.NEGATIVE_INFINITY
  #last: number | undefined

  /** @param recent Who has spoken so far, the latest first. */
  constructor(recent: readonly string[] = []) {
    this.#recent = recent
  }

  /** Takes the levels of everybody; an absent id is silent. */
  receive(levels: ReadonlyMap<string, number>, now: number): Speakers {
    const step = this.#last === undefined ? 0 : Math.min(settings.stepMs, Math.max(0, now - this.#last))
    this.#last = now
    for (const id of new Set([...this.#credit.keys(), ...levels.keys()])) {
      const speaks = (levels.get(id) ?? 0) >= speakingLevel
      const credit = Math.min(settings.creditMs, (this.#credit.get(id) ?? 0) + (speaks ? step : -step))
      if (credit > 0) this.#credit.set(id, credit)
      else this.#credit.delete(id)
      if (speaks) this.#heardAt.set(id, now)
    }
    for (const [id, at] of this.#heardAt) if (now - at >= settings.lingerMs) this.#heardAt.delete(id)
    const challenger = this.#challenger()
    if (challenger !== undefined && (this.#recent.length === 0 || now - this.#since >= settings.holdMs)) {
      this.#recent = [challenger, ...this.#recent.filter(id => id !== challenger)].slice(0, mostSpeakers)
      this.#since = now
    }
    return { recent: this.#recent, speaking: [...this.#heardAt.keys()] }
  }

  /** Somebody left. */
  forget(id: string): void {
    this.#credit.delete(id)
    this.#heardAt.delete(id)
    if (this.#recent[0] === id) this.#since = Number.NEGATIVE_INFINITY
    this.#recent = this.#recent.filter(speaker => speaker !== id)
  }

  #challenger(): string | undefined {
    const [current] = this.#recent
    let best = Math.max(settings.attackMs, this.#credit.get(current ?? '') ?? 0)
    let found: string | undefined
    for (const [id, credit] of this.#credit) {
      const ahead = found === undefined && current === undefined ? credit >= best : credit > best
      if (id !== current && ahead) {
        best = credit
        found = id
      }
    }
    return found
  }
}
