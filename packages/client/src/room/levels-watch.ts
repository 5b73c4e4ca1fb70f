import type { Clock } from '../clock.ts'
import type { Unsubscribe } from '../types.ts'

const intervalMs = 160

export interface LevelsWatchOptions {
  readonly clock: Clock
  readonly measure: () => Promise<ReadonlyMap<string, number>>
  readonly heard: (levels: ReadonlyMap<string, number>) => void
}

/** Measures loudness about six times a second, while somebody listens. */
export class LevelsWatch {
  readonly #options: LevelsWatchOptions
  #round: { stopTimer: Unsubscribe } | undefined

  constructor(options: LevelsWatchOptions) {
    this.#options = options
  }

  /** @param listening Whether somebody listens now. */
  listen(listening: boolean): void {
    if (listening === (this.#round !== undefined)) return
    this.#round?.stopTimer()
    this.#round = listening ? { stopTimer: () => {} } : undefined
    if (this.#round) this.#later(this.#round)
  }

  /** The round tells whether a measurement still counts: listening may stop, and start again, while one is under way. */
  #later(round: { stopTimer: Unsubscribe }): void {
    const { clock, measure, heard } = this.#options
    round.stopTimer = clock.after(intervalMs, () => {
      measure()
        .then(levels => round === this.#round && heard(levels), reportError)
        .then(() => round === this.#round && this.#later(round))
    })
  }
}
