import { Alarm, type Alarms } from './alarms.ts'

/** Between two requests to one stream, at least. */
const intervalMs = 500
/** A publisher that does not answer is asked less often after so many requests. */
const patience = { requests: 10, intervalMs: 2000 } as const

/**
 * Merges everybody's wishes for a key frame of one stream into few requests: at the next timeout, then at most one per
 * 500 ms, until it comes.
 */
export class KeyFrameRequests {
  readonly #alarms: Alarms
  readonly #alarm: Alarm
  readonly #send: (repeated: boolean, now: number) => boolean
  #wanted = false
  #unanswered = 0
  #sentAt = Number.NEGATIVE_INFINITY

  /** @param send Asks the publisher; false if that is not possible now: asked again later. */
  constructor(alarms: Alarms, send: (repeated: boolean, now: number) => boolean) {
    this.#alarms = alarms
    this.#send = send
    this.#alarm = new Alarm(now => this.#due(now))
  }

  want(now: number): void {
    if (this.#wanted) return
    this.#wanted = true
    this.#unanswered = 0
    // Not at once: the packet that is at hand may begin one.
    this.#alarms.set(this.#alarm, Math.max(now, this.#sentAt + intervalMs))
  }

  /** A key frame has begun to arrive. */
  satisfied(): void {
    this.#wanted = false
    this.#alarms.clear(this.#alarm)
  }

  #due(now: number): void {
    if (this.#send(this.#unanswered > 0, now)) this.#unanswered++
    this.#sentAt = now
    this.#alarms.set(this.#alarm, now + (this.#unanswered < patience.requests ? intervalMs : patience.intervalMs))
  }
}
