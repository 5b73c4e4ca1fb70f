import type { Program } from './types.ts'

/** Calls a program, and passes what it throws to `onError`. */
export class ProgramCaller {
  readonly #onError: (error: unknown) => void
  #program: Program | undefined

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  /** Throws if there is a program already. */
  set(program: Program): void {
    if (this.#program) throw new Error('this loop drives a program already')
    this.#program = program
  }

  /** Does what is due at `now`. Returns when the next thing is due; Infinity for never. */
  tick(now: number): number {
    if (!this.#program) return Number.POSITIVE_INFINITY
    try {
      if (this.#program.nextTimeout() <= now) this.#program.handleTimeout(now)
      return this.#program.nextTimeout()
    } catch (error) {
      this.#onError(error)
      return now + 100
    }
  }

  message(message: unknown, now: number): void {
    try {
      this.#program?.handleMessage?.(message, now)
    } catch (error) {
      this.#onError(error)
    }
  }
}
