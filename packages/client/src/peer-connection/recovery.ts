import type { ConnectionStatus, PathFailure } from '../types.ts'

/** Why there is no path: in plain English, and as a code to branch on. */
export interface NoPath {
  readonly code: PathFailure
  readonly reason: string
}

/** What to do about a path that does not work: restart ICE, or replace the connection. */
export type RecoveryAction = 'restart' | 'replace'

/** Times in ms. */
export const recoveryTimes = {
  /** Most interruptions end by themselves before this. */
  disconnected: 4_000,
  /** If the first connection, or an answer, takes longer than this, a signal was lost. */
  answer: 10_000,
  /** A path that has been down for this long is called failed; retrying goes on. */
  failed: 15_000,
  /** The times between attempts; the last one repeats. */
  retries: [6_000, 8_000, 10_000, 15_000],
} as const

/** Every third attempt replaces the connection, because an ICE restart does not help in every state. */
const replaceEvery = 3

/**
 * Decides when a media path has to be repaired, and what to report meanwhile. Pure; `now` is in milliseconds. While signals
 * cannot reach the peer nothing is due, since every repair needs them; media may still flow during that time.
 */
export class Recovery {
  #state: RTCPeerConnectionState = 'new'
  #reachable: boolean
  #everConnected = false
  /** Since when there is no connection. */
  #since: number
  #attempts = 0
  #dueAt: number | undefined
  /** When our offer has waited for too long. */
  #answerBy: number | undefined
  #reason: string | undefined

  constructor(reachable: boolean, now: number) {
    this.#reachable = reachable
    this.#since = now
    this.#dueAt = now + recoveryTimes.answer
  }

  connectionState(state: RTCPeerConnectionState, now: number): void {
    const before = this.#state
    if (state === before) return
    this.#state = state
    if (state === 'connected') {
      this.#everConnected = true
      this.#attempts = 0
      this.#dueAt = undefined
      this.#reason = undefined
      return
    }
    if (before === 'connected') this.#since = now
    if (state === 'failed') this.#soon(this.#attempts === 0 ? now : (this.#dueAt ?? now))
    else this.#soon(now + (state === 'disconnected' ? recoveryTimes.disconnected : recoveryTimes.answer))
  }

  /** Says whether an offer of ours waits for its answer. */
  offering(waits: boolean, now: number): void {
    this.#answerBy = waits ? now + recoveryTimes.answer : undefined
  }

  /** Says whether signals reach the peer. Once they do again, a path that is down is retried at once. */
  reachable(reachable: boolean, now: number): void {
    if (reachable === this.#reachable) return
    this.#reachable = reachable
    if (!reachable) return
    if (this.#state !== 'connected') this.#dueAt = now
    if (this.#answerBy !== undefined) this.#answerBy = now + recoveryTimes.answer
  }

  /** Retries at once: addresses may have changed, even if the path still looks fine, or somebody asked for it. */
  tryNow(now: number): void {
    this.#attempts = 0
    this.#dueAt = now
  }

  /** A description could not be sent or used. */
  broken(reason: string, now: number): void {
    this.#reason = reason
    this.#soon(now + recoveryTimes.retries[0])
  }

  /** What is due at `now`; each action is returned once. */
  due(now: number): RecoveryAction | undefined {
    if (!this.#reachable || now < this.#nextAttempt()) return undefined
    const { retries } = recoveryTimes
    const wait = retries[Math.min(this.#attempts, retries.length - 1)] ?? recoveryTimes.failed
    this.#attempts++
    this.#answerBy = undefined
    this.#dueAt = this.#state === 'connected' ? undefined : now + wait
    return this.#attempts % replaceEvery === 0 ? 'replace' : 'restart'
  }

  /** When to look again, because something is {@link due} then, or because {@link status} changes. */
  nextTimeout(now: number): number | undefined {
    const attempt = this.#reachable ? this.#nextAttempt() : Number.POSITIVE_INFINITY
    const failing = this.#since + recoveryTimes.failed
    const next = this.#state !== 'connected' && failing > now ? Math.min(attempt, failing) : attempt
    return Number.isFinite(next) ? next : undefined
  }

  /** @param noPath Gives the reason if no better one is known. */
  status(now: number, noPath: () => NoPath): ConnectionStatus {
    if (this.#state === 'connected') return { status: 'connected' }
    const since = this.#since
    if (now - since >= recoveryTimes.failed) {
      return { status: 'failed', since, ...(this.#reason === undefined ? noPath() : { reason: this.#reason }) }
    }
    return { status: this.#everConnected ? 'reconnecting' : 'connecting', since }
  }

  #nextAttempt(): number {
    return Math.min(this.#dueAt ?? Number.POSITIVE_INFINITY, this.#answerBy ?? Number.POSITIVE_INFINITY)
  }

  #soon(at: number): void {
    this.#dueAt = Math.min(at, this.#dueAt ?? Number.POSITIVE_INFINITY)
  }
}
