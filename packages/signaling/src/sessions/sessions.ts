import { type Hold, sourceKey } from '@parley/net'
import { AppError, limits as protocolLimits } from '@parley/protocol'
import { type Holdings, hasSpare } from '../holdings.ts'
import type { SignalingLimits } from '../limits.ts'
import type { LoggedEvent } from '../outbox/event-log.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Pass } from '../ports.ts'
import type { Bans } from '../rights/bans.ts'
import { endOf } from '../rights/term.ts'
import { createSession, hasSameRights, type Session, type Visitor } from './session.ts'

export interface SessionsOptions {
  readonly outbox: Outbox
  readonly bans: Bans
  readonly limits: SignalingLimits
  readonly holdings: Holdings
  /** A session is over: whatever else it has is to be given up. */
  gone(session: Session, how: 'left' | 'lost', now: number): void
  /** Asks for `timeout()` to be called at this time or earlier. */
  wake(at: number): void
}

/** What came of letting a visitor in. */
export interface EnterResult {
  readonly session: Session
  /** The events that were missed, if the session was kept; undefined: its rooms have to be joined again. */
  readonly missed: readonly LoggedEvent[] | undefined
  /** Sessions that this one replaced: their sockets, if they have any, are to be closed. */
  readonly replaced: readonly string[]
}

const nobody: ReadonlySet<Session> = new Set()

/**
 * All sessions: lets people in, keeps the sessions of dropped sockets for a while, and ends them. Owns no socket or timer;
 * `now` is in ms.
 */
export class Sessions {
  readonly #options: SessionsOptions
  readonly #sessions = new Map<string, Session>()
  readonly #byIdentity = new Map<string, Set<Session>>()
  /** Sessions without a socket, and until when they are kept. */
  readonly #away = new Map<Session, number>()
  readonly #holds = new Map<Session, Hold>()

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  find(id: string): Session | undefined {
    return this.#sessions.get(id)
  }

  /** The sessions of one person. */
  of(identity: string): ReadonlySet<Session> {
    return this.#byIdentity.get(identity) ?? nobody
  }

  all(): Iterable<Session> {
    return this.#sessions.values()
  }

  /**
   * Checks that a visitor may come in. With an expired token, one may only come back to a session that is still kept.
   * Throws AppError `token-expired`, `token-invalid`, `removed`, `network-barred`.
   */
  requireEntry(visitor: Visitor, after: number, now: number): void {
    const { claims, term, source } = visitor
    this.#options.bans.check({ identity: claims.sub, guest: claims.guest, source }, now)
    const end = endOf(term, now)
    if (end && !this.#missed(visitor, after)) throw end
  }

  /** A socket has connected: continues its session if that is still kept and has the same rights; otherwise makes a new one. */
  enter(visitor: Visitor, after: number, now: number): EnterResult {
    const known = this.#sessions.get(visitor.id)
    const missed = this.#missed(visitor, after)
    if (known && missed) {
      this.#away.delete(known)
      known.source = visitor.source
      known.term = visitor.term
      known.told.clear()
      return { session: known, missed, replaced: [] }
    }
    if (known) this.lose(known, 'lost', now)
    const replaced = this.#succeed(visitor, now)
    return { session: this.#admit(visitor, now), missed: undefined, replaced }
  }

  /** Takes a newer token of the same person. Throws AppError `not-allowed` for somebody else's. */
  renew(session: Session, pass: Pass): void {
    const { claims, expiresAt } = pass
    const same = claims.sub === session.identity && claims.room === session.onlyRoom && claims.guest === session.guest
    if (!same || claims.grants.subscribe !== session.grants.subscribe) {
      throw new AppError('not-allowed', 'That token is for somebody else, or for something else: connect anew with it.')
    }
    session.grants = claims.grants
    session.term = pass
    if (expiresAt !== undefined) this.#options.wake(expiresAt)
  }

  /** The socket broke: the session is kept for a while, counted from the last sign of life. */
  drop(session: Session, seenAt: number): void {
    if (this.#sessions.get(session.id) !== session) return
    const until = seenAt + protocolLimits.seatMs
    this.#away.set(session, until)
    this.#options.wake(until)
  }

  /** The page of a session was closed. False if there is no such session. */
  depart(id: string, now: number): boolean {
    const session = this.#sessions.get(id)
    if (session) this.lose(session, 'left', now)
    return session !== undefined
  }

  /** Ends a session: everything that it had is given up. */
  lose(session: Session, how: 'left' | 'lost', now: number): void {
    if (this.#sessions.get(session.id) !== session) return
    this.#options.gone(session, how, now)
    this.#options.outbox.close(session.id)
    this.#sessions.delete(session.id)
    this.#away.delete(session)
    this.#holds.get(session)?.release()
    this.#holds.delete(session)
    const siblings = this.#byIdentity.get(session.identity)
    siblings?.delete(session)
    if (siblings?.size === 0) this.#byIdentity.delete(session.identity)
  }

  /**
   * Ends sessions that should have been continued by now.
   * @returns When the next one ends.
   */
  timeout(now: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const [session, until] of [...this.#away]) {
      if (until <= now) this.lose(session, 'lost', now)
      else next = Math.min(next, until)
    }
    return next
  }

  /** What a visitor has missed of their session; undefined: no session with the same rights is kept. */
  #missed(visitor: Visitor, after: number): readonly LoggedEvent[] | undefined {
    const known = this.#sessions.get(visitor.id)
    return known && hasSameRights(known, visitor) ? this.#options.outbox.missed(known.id, after) : undefined
  }

  /** Ends earlier sessions of the same tab: a page that is reloaded may have had no chance to say goodbye. */
  #succeed({ claims, tab }: Visitor, now: number): readonly string[] {
    const former = [...this.of(claims.sub)].filter(session => tab && session.tab === tab)
    for (const session of former) this.lose(session, 'left', now)
    return former.map(({ id }) => id)
  }

  #admit(visitor: Visitor, now: number): Session {
    const { outbox, limits, holdings } = this.#options
    const session = createSession(visitor, limits, now)
    const { id, identity, source, term } = session
    if (term.expiresAt !== undefined) this.#options.wake(term.expiresAt)
    this.#makeRoomFor(source, now)
    const hold = holdings.take(source, 'sessions')
    if (hold) this.#holds.set(session, hold)
    this.#sessions.set(id, session)
    const siblings = this.#byIdentity.get(identity)
    if (siblings) siblings.add(session)
    else this.#byIdentity.set(identity, new Set([session]))
    outbox.open(id)
    outbox.subscribe(id, `session:${id}`)
    if (session.onlyRoom === undefined) outbox.subscribe(id, `identity:${identity}`)
    return session
  }

  /** If a source has too many sessions, ends the one that has been without a socket for longest. */
  #makeRoomFor(source: string, now: number): void {
    if (hasSpare(this.#options.holdings, source, 'sessions')) return
    const key = sourceKey(source)
    for (const away of this.#away.keys()) {
      if (sourceKey(away.source) !== key) continue
      this.lose(away, 'lost', now)
      return
    }
  }
}
