import type { Hold } from '@parley/net'
import { AppError, type Call, type CallMedia, type Person, type PresenceStatus } from '@parley/protocol'
import { accept, type CallIncident, type CallMessage, end, incidents, judge, type Role } from './rules.ts'

/** A person in one tab. */
export type Party = Person & { readonly session: string }

export interface Invitation {
  readonly id: string
  readonly media: CallMedia
  readonly caller: Party
  readonly callee: Person
  readonly calleeStatus: PresenceStatus
  /** Called when the call is to be kept; released when it is forgotten. May throw AppError `over-quota`. */
  hold?(): Hold | undefined
}

/** What may be said along with accepting or rejecting. */
export interface CallDetails {
  readonly media?: CallMedia | undefined
  readonly message?: string | undefined
}

export interface CallsOptions {
  /** How long a call rings, ms. */
  readonly ringMs: number
  /** How long an ended call is remembered, so that a repeated request still finds it, ms. */
  readonly keepMs: number
  /** Makes a name for a private room, which nobody can guess. */
  newRoom(): string
  /** A call began to ring, was accepted or ended. */
  changed(call: Call, before: Call | undefined, now: number): void
}

interface Kept {
  call: Call
  readonly callerSession: string
  readonly hold: Hold | undefined
  /** Ids of invitations in the other direction that became this call. */
  readonly aliases: string[]
}

/**
 * All calls, and who is in which; a person is in one at most. Pure: time comes in as `now` in ms, and `nextTimeout()` says
 * when to call `timeout()`.
 */
export class Calls {
  readonly #options: CallsOptions
  readonly #calls = new Map<string, Kept>()
  readonly #aliases = new Map<string, string>()
  readonly #busy = new Map<string, Kept>()
  /** In the order they began to ring, and so in the order they stop. */
  readonly #ringing = new Set<Kept>()
  /** In the order they ended. */
  readonly #ended = new Set<Kept>()

  constructor(options: CallsOptions) {
    this.#options = options
  }

  /** Calls that ring or are accepted. */
  get active(): number {
    return this.#calls.size - this.#ended.size
  }

  /** The call that a person is in, ringing or accepted. */
  of(identity: string): Call | undefined {
    return this.#busy.get(identity)?.call
  }

  /**
   * Starts a call, which rings, or ends at once as `busy`. If the callee is already calling this person, accepts that call
   * instead. The same id again returns the same call. Throws AppError `call-self`, `not-online`, `call-in-progress`,
   * `bad-request`, and whatever `hold` throws.
   */
  invite({ id, media, caller, callee, calleeStatus, hold }: Invitation, now: number): Call {
    const known = this.#find(id)
    if (known) {
      if (roleOf(known.call, caller.identity)) return known.call
      throw new AppError('bad-request', 'This call id is taken.')
    }
    if (caller.identity === callee.identity) throw new AppError('call-self')
    const theirs = this.#busy.get(callee.identity)
    if (theirs?.call.state.status === 'ringing' && theirs.call.callee.identity === caller.identity) {
      theirs.aliases.push(id)
      this.#aliases.set(id, theirs.call.id)
      return this.#accept(theirs, caller.session, media, now)
    }
    if (calleeStatus === 'offline') throw new AppError('not-online')
    if (this.#busy.has(caller.identity)) throw new AppError('call-in-progress')
    const { session, ...person } = caller
    const state = { status: 'ringing', since: now, until: now + this.#options.ringMs } as const
    const call: Call = { id, media, caller: person, callee, state }
    if (theirs || calleeStatus === 'in-call') return end(call, 'busy', now)
    const kept: Kept = { call, callerSession: session, hold: hold?.(), aliases: [] }
    this.#calls.set(id, kept)
    this.#ringing.add(kept)
    this.#busy.set(person.identity, kept)
    this.#busy.set(callee.identity, kept)
    this.#options.changed(call, undefined, now)
    return call
  }

  /** Somebody says something about a call. Throws AppError `no-such-call` (also if the call is not theirs), `call-state`. */
  say(
    message: CallMessage,
    id: string,
    by: { identity: string; session: string },
    now: number,
    details: CallDetails = {},
  ): Call {
    const kept = this.#find(id)
    const role = kept && roleOf(kept.call, by.identity)
    if (!kept || !role) throw new AppError('no-such-call')
    const verdict = judge(message, kept.call, role, by.session)
    if (verdict === undefined) return kept.call
    if (verdict === 'accepted') return this.#accept(kept, by.session, details.media ?? kept.call.media, now)
    return this.#change(kept, end(kept.call, verdict, now, details.message), now)
  }

  /** A session is over, or has left the call's room: ends the call if this session made it or answered it. */
  gone(session: string, identity: string, how: Exclude<CallIncident, 'timeout'>, now: number): void {
    const kept = this.#busy.get(identity)
    if (!kept) return
    const { state } = kept.call
    const concerned = session === kept.callerSession || (state.status === 'accepted' && session === state.calleeSession)
    if (concerned) this.#happen(kept, how, now)
  }

  nextTimeout(): number | undefined {
    const [ringing] = this.#ringing
    const [ended] = this.#ended
    const times = [ringing && deadline(ringing.call, this.#options), ended && deadline(ended.call, this.#options)]
    return times.reduce((first, time) => (first !== undefined && (time === undefined || first < time) ? first : time))
  }

  timeout(now: number): void {
    for (const kept of this.#ringing) {
      if (deadline(kept.call, this.#options) > now) break
      this.#happen(kept, 'timeout', now)
    }
    for (const kept of this.#ended) {
      if (deadline(kept.call, this.#options) > now) break
      this.#ended.delete(kept)
      this.#calls.delete(kept.call.id)
      kept.hold?.release()
      for (const alias of kept.aliases) this.#aliases.delete(alias)
    }
  }

  #find(id: string): Kept | undefined {
    return this.#calls.get(this.#aliases.get(id) ?? id)
  }

  #accept(kept: Kept, calleeSession: string, media: CallMedia, now: number): Call {
    const answer = { room: this.#options.newRoom(), media, callerSession: kept.callerSession, calleeSession }
    return this.#change(kept, accept(kept.call, answer, now), now)
  }

  #happen(kept: Kept, incident: CallIncident, now: number): void {
    const outcome = incidents[incident][kept.call.state.status]
    if (outcome) this.#change(kept, end(kept.call, outcome, now), now)
  }

  #change(kept: Kept, call: Call, now: number): Call {
    const before = kept.call
    kept.call = call
    this.#ringing.delete(kept)
    if (call.state.status === 'ended') {
      this.#ended.add(kept)
      this.#busy.delete(call.caller.identity)
      this.#busy.delete(call.callee.identity)
    }
    this.#options.changed(call, before, now)
    return call
  }
}

function roleOf(call: Call, identity: string): Role | undefined {
  if (call.caller.identity === identity) return 'caller'
  return call.callee.identity === identity ? 'callee' : undefined
}

/** When a ringing call ends unanswered, or an ended one is forgotten. */
function deadline({ state }: Call, { keepMs }: CallsOptions): number {
  if (state.status === 'ringing') return state.until
  return state.status === 'ended' ? state.at + keepMs : Number.POSITIVE_INFINITY
}
