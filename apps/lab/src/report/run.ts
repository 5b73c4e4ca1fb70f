/** The clock a run uses: the browser's own by default, a fake one in tests. */
export interface RunClock {
  now(): number
  /** Calls back once, unless the returned function is called first. */
  after(delayMs: number, callback: () => void): () => void
}

const browserClock: RunClock = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

/** How a test ended. Every test ends in one of these ways. */
export type Outcome<T> =
  | { readonly status: 'done'; readonly value: T; readonly tookMs: number }
  | { readonly status: 'timed-out'; readonly afterMs: number }
  | { readonly status: 'cancelled' }
  /** `error` in the browser's words, e.g. `NotAllowedError: Permission denied`. */
  | { readonly status: 'failed'; readonly error: string }

export interface RunOptions {
  readonly timeLimitMs: number
  /** Aborted when the person cancels. */
  readonly signal?: AbortSignal
  readonly clock?: RunClock
}

/**
 * Runs a test under a time limit. The work gets a signal that is aborted when the person cancels or the time is up, and
 * must then close whatever it opened. The outcome is returned at once, without waiting for that. Never rejects.
 */
export function runWithin<T>(work: (signal: AbortSignal) => Promise<T>, options: RunOptions): Promise<Outcome<T>> {
  const { timeLimitMs, signal, clock = browserClock } = options
  const inner = new AbortController()
  const began = clock.now()
  return new Promise(resolve => {
    const end = (outcome: Outcome<T>) => {
      stopTimer()
      signal?.removeEventListener('abort', cancel)
      resolve(outcome)
      inner.abort()
    }
    const cancel = () => end({ status: 'cancelled' })
    const stopTimer = clock.after(timeLimitMs, () => end({ status: 'timed-out', afterMs: timeLimitMs }))
    if (signal?.aborted) return cancel()
    signal?.addEventListener('abort', cancel)
    work(inner.signal).then(
      value => end({ status: 'done', value, tookMs: clock.now() - began }),
      error => end({ status: 'failed', error: describeError(error) }),
    )
  })
}

/** An error as text, e.g. `NotFoundError: Requested device not found`. */
export function describeError(error: unknown): string {
  if (error instanceof Error) return error.message ? `${error.name}: ${error.message}` : error.name
  return String(error)
}

/** Resolves after `ms`, or rejects with an `AbortError` once the signal is aborted. */
export function pause(ms: number, signal: AbortSignal, clock: RunClock = browserClock): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      stop()
      reject(new DOMException('The run was stopped.', 'AbortError'))
    }
    const stop = clock.after(ms, () => {
      signal.removeEventListener('abort', abort)
      resolve()
    })
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
