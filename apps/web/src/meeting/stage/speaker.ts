/** Louder than this (0..1) counts as speaking. */
export const speakingLevel = 0.06

const settings = {
  /** How much speech makes somebody the speaker; a cough or a slammed door is shorter. */
  attackMs: 600,
  /** Credit for speech stops growing here, so that somebody else can take over after a monologue. */
  creditMs: 1500,
  /** A speaker stays at least this long. */
  holdMs: 2000,
  /** A gap between two measurements counts at most this much. */
  stepMs: 300,
} as const

/**
 * Decides who is speaking, without flicker: pauses between words do not count as silence, short noises do not count as
 * speech, and the last speaker stays when everybody is silent. Pure: time is passed in, in ms.
 */
export class SpeakerChoice {
  #credit = new Map<string, number>()
  #current: string | undefined
  #since = Number.NEGATIVE_INFINITY
  #last: number | undefined

  get current(): string | undefined {
    return this.#current
  }

  /** Takes the levels of everybody who may be chosen; an absent id is silent. Returns the id of the speaker. */
  receive(levels: ReadonlyMap<string, number>, now: number): string | undefined {
    const step = this.#last === undefined ? 0 : Math.min(settings.stepMs, Math.max(0, now - this.#last))
    this.#last = now
    for (const id of new Set([...this.#credit.keys(), ...levels.keys()])) {
      const speaks = (levels.get(id) ?? 0) >= speakingLevel
      const credit = Math.min(settings.creditMs, (this.#credit.get(id) ?? 0) + (speaks ? step : -step))
      if (credit > 0) this.#credit.set(id, credit)
      else this.#credit.delete(id)
    }
    const challenger = this.#challenger()
    if (challenger !== undefined && (this.#current === undefined || now - this.#since >= settings.holdMs)) {
      this.#current = challenger
      this.#since = now
    }
    return this.#current
  }

  /** Somebody left. */
  forget(id: string): void {
    this.#credit.delete(id)
    if (this.#current !== id) return
    this.#current = undefined
    this.#since = Number.NEGATIVE_INFINITY
  }

  #challenger(): string | undefined {
    let best = Math.max(settings.attackMs, this.#credit.get(this.#current ?? '') ?? 0)
    let found: string | undefined
    for (const [id, credit] of this.#credit) {
      const ahead = found === undefined && this.#current === undefined ? credit >= best : credit > best
      if (id !== this.#current && ahead) {
        best = credit
        found = id
      }
    }
    return found
  }
}
