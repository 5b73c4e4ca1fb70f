import type { Clock } from '../clock.ts'
import { ParleyError } from '../error.ts'
import { judgeRefusal, retryDelay } from '../signalling/retry-policy.ts'
import type { ClientError } from '../types.ts'

export interface SeatOptions {
  readonly clock: Clock
  /** Asks the server for the seat, and tells it what it has to know. */
  readonly take: () => Promise<void>
  /** There will be none; `error` is what the server says. */
  readonly refused: (error?: ClientError) => void
}

/** Our seat in a room. Lost with the session, it is asked for until it is had again, or refused for good. */
export class Seat {
  readonly #options: SeatOptions
  #held = true
  /** How often it was lost or given up; the latest attempt is the one that counts. */
  #attempts = 0

  constructor(options: SeatOptions) {
    this.#options = options
  }

  /** The server has answered that we are in the room, and knows what we send. */
  get held(): boolean {
    return this.#held
  }

  /** The session is no longer in the room: takes the seat again. Resolves when nothing more is to be waited for. */
  async regain(): Promise<void> {
    const { clock, take, refused } = this.#options
    const attempt = ++this.#attempts
    this.#held = false
    for (let failures = 0; attempt === this.#attempts; failures++) {
      try {
        await take()
        this.#held = attempt === this.#attempts
        return
      } catch (error) {
        if (!(error instanceof ParleyError)) return refused()
        // If the connection was lost again, the next one tries again.
        if (error.code === 'unreachable') return
        if (judgeRefusal(error.code, false) !== 'retry') return refused(error)
      }
      await new Promise<void>(resolve => clock.after(retryDelay(failures, 1), resolve))
    }
  }

  /** It is not wanted any more. */
  giveUp(): void {
    this.#attempts++
  }
}
