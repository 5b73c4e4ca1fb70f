import type { Clock } from '../clock.ts'
import type { Unsubscribe } from '../types.ts'

const intervalMs = 160

export interface LevelsWatchOptions {
  readonly clock: Clock
  readonly measure: () => Promise<ReadonlyMap<string, number>>
  readonly heard: (levels: ReadonlyMap<string, number>) => void
}

/** Measures loudness about six times a second, for as long as somebody listens. */
export class LevelsWatch {
  readonly #options: LevelsWatchOptions
  #round: { stopTimer: Unsubscribe } | undefined

  constructor(options: LevelsWatchOptions) {
    this.#options = options
  }

  /** @param listening Somebody wants to know. */
  listen(listening: boolean): void {
    if (listening === (this.#round !== undefined)) return
    this.#round?.stopTimer()
    this.#round = listening ? { stopTimer: () => {} } : undefined
    if (this.#round) this.#later(this.#round)
  }

  /** A measurement that is under way when listening stops belongs to a round that is over. */
  #later(round: { stopTimer: Unsubscribe }): void {
    const { clock, measure, heard } = this.#options
    round.stopTimer = clock.after(intervalMs, () => {
      measure()
        .then(levels => round === this.#round && heard(levels), reportError)
        .then(() => round === this.#round && this.#later(round))
    })
  }
}
