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
  #listening = false
  #stopTimer: Unsubscribe | undefined

  constructor(options: LevelsWatchOptions) {
    this.#options = options
  }

  /** @param listening Somebody wants to know. */
  listen(listening: boolean): void {
    if (listening === this.#listening) return
    this.#listening = listening
    if (listening && !this.#stopTimer) this.#later()
    if (!listening) this.#stop()
  }

  #later(): void {
    this.#stopTimer = this.#options.clock.after(intervalMs, () => {
      this.#measure().catch(reportError)
    })
  }

  async #measure(): Promise<void> {
    const levels = await this.#options.measure()
    if (!this.#listening) return
    this.#options.heard(levels)
    this.#later()
  }

  #stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }
}
