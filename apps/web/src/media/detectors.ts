/** A level above this is a voice or a noise; below it is a quiet room's background. */
const audibleLevel = 0.12
/** A sustained level above this is somebody talking into the microphone. */
const talkingLevel = 0.3

/**
 * Notices a microphone that has produced no sound since it was opened: `silent` after `afterMs`, `heard` for good after
 * the first sound (a person who is merely quiet is not told that we cannot hear them).
 */
export class SilenceDetector {
  readonly #afterMs: number
  #since: number | undefined
  #heard = false

  constructor(afterMs = 5000) {
    this.#afterMs = afterMs
  }

  next(level: number, now: number): 'listening' | 'silent' | 'heard' {
    this.#since ??= now
    if (level >= audibleLevel) this.#heard = true
    if (this.#heard) return 'heard'
    return now - this.#since >= this.#afterMs ? 'silent' : 'listening'
  }
}

/** Notices that somebody talks: true once after `holdMs` of speech, then not again for `quietMs`. */
export class TalkDetector {
  readonly #holdMs: number
  readonly #quietMs: number
  #spokenMs = 0
  #last: number | undefined
  #firedAt = Number.NEGATIVE_INFINITY

  constructor(holdMs = 400, quietMs = 15_000) {
    this.#holdMs = holdMs
    this.#quietMs = quietMs
  }

  next(level: number, now: number): boolean {
    const passed = Math.min(100, now - (this.#last ?? now))
    this.#last = now
    // Speech has gaps, so a pause takes away time only half as fast as syllables add it.
    this.#spokenMs = Math.max(0, this.#spokenMs + (level >= talkingLevel ? passed : -passed / 2))
    if (this.#spokenMs < this.#holdMs || now - this.#firedAt < this.#quietMs) return false
    this.#firedAt = now
    this.#spokenMs = 0
    return true
  }
}
