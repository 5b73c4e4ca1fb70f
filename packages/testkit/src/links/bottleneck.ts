import type { Capacity } from './capacity.ts'
import type { Dropper } from './droppers.ts'

export interface BottleneckOptions {
  readonly capacity: Capacity
  /** What would wait for longer is dropped at the tail; ms. */
  readonly queueMs: number
  /** From the end of the queue to the receiver; ms. */
  readonly propagationMs: number
  /** Drops what it likes before the queue. */
  readonly dropper?: Dropper
}

interface Queued<T> {
  readonly value: T
  readonly at: number
  readonly queueMs: number
}

/**
 * A link with a capacity and a queue, in virtual time (`now` in ms). Whatever is sent over it by whomever shares both.
 *
 * @example
 * const link = new Bottleneck<string>({ capacity: Capacity.steady(1_000_000), queueMs: 200, propagationMs: 20 })
 * link.send('hello', 1250, 0)
 * link.receive(link.nextTimeout()) // 'hello', 30 ms later
 */
export class Bottleneck<T> {
  readonly #options: BottleneckOptions
  #items: Queued<T>[] = []
  #head = 0
  #freeAt = 0
  /** How long the packet that was received last had waited, ms. */
  waitedMs = 0
  /** Packets dropped so far. */
  dropped = 0

  constructor(options: BottleneckOptions) {
    this.#options = options
  }

  /** False: it was dropped. */
  send(value: T, bytes: number, now: number): boolean {
    const { capacity, queueMs, propagationMs, dropper } = this.#options
    const begins = Math.max(now, this.#freeAt)
    if (begins - now > queueMs || dropper?.(bytes, now)) {
      this.dropped++
      return false
    }
    this.#freeAt = capacity.finish(begins, 8 * bytes)
    this.#items.push({ value, at: this.#freeAt + propagationMs, queueMs: begins - now })
    return true
  }

  /** When the next packet arrives; Infinity: none is under way. */
  nextTimeout(): number {
    return this.#items[this.#head]?.at ?? Number.POSITIVE_INFINITY
  }

  /** Takes the next packet that has arrived by now. */
  receive(now: number): T | undefined {
    const next = this.#items[this.#head]
    if (!next || next.at > now) return undefined
    this.waitedMs = next.queueMs
    this.#head++
    if (this.#head === 1024) {
      this.#items = this.#items.slice(1024)
      this.#head = 0
    }
    return next.value
  }
}
