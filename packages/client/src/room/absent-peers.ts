import type { Clock } from '../clock.ts'
import type { Unsubscribe } from '../types.ts'

/** A little longer than the server keeps the seat of a dropped socket. */
const graceMs = 35_000

/**
 * People whom a server that has just started does not know yet: they come back by themselves, or are lost after a while.
 */
export class AbsentPeers {
  readonly #clock: Clock
  readonly #lost: (id: string) => void
  readonly #waiting = new Map<string, Unsubscribe>()

  constructor(clock: Clock, lost: (id: string) => void) {
    this.#clock = clock
    this.#lost = lost
  }

  has(id: string): boolean {
    return this.#waiting.has(id)
  }

  /** Nobody but these is absent now; who was so before has used up part of their time. */
  await(ids: ReadonlySet<string>): void {
    for (const id of [...this.#waiting.keys()]) if (!ids.has(id)) this.back(id)
    for (const id of ids) {
      if (this.#waiting.has(id)) continue
      const stop = this.#clock.after(graceMs, () => {
        this.#waiting.delete(id)
        this.#lost(id)
      })
      this.#waiting.set(id, stop)
    }
  }

  back(id: string): void {
    this.#waiting.get(id)?.()
    this.#waiting.delete(id)
  }

  close(): void {
    this.await(new Set())
  }
}
