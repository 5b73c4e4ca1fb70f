import type { Receipt } from './result.ts'

/** After so long without anything, nothing more comes. */
export const quietMs = 2000
/** What is still coming after so long is not waited for. */
export const drainLimitMs = 8000

/** What arrives of numbered messages, and how many of them it is to be held against. */
export class Arrivals {
  readonly receipts: Receipt[] = []
  #next = 0
  #heardAt = 0

  add(number: number, bytes: number, atMs: number): void {
    this.receipts.push({ atMs, bytes })
    this.#next = Math.max(this.#next, number + 1)
    this.#heardAt = atMs
  }

  /**
   * How many of `sent` messages should be here at `nowMs`, when the last was sent at `endedMs`; undefined while more may come.
   * What never comes is lost; where the path is slow, what is still on its way when we stop waiting is not.
   */
  due(sent: number, endedMs: number, nowMs: number): number | undefined {
    if (this.receipts.length >= sent) return sent
    if (nowMs - Math.max(this.#heardAt, endedMs) >= quietMs) return sent
    return nowMs - endedMs >= drainLimitMs ? this.#next : undefined
  }
}
