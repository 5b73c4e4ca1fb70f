import { type Hold, sourceKey } from '@parley/net'
import { AppError, limits as protocolLimits } from '@parley/protocol'
import { type Holdings, hasSpare } from '../holdings.ts'
import type { SignalingLimits } from '../limits.ts'
import type { Entry, Outbox } from '../outbox/outbox.ts'
import type { Pass } from '../ports.ts'
import type { Bans } from '../rights/bans.ts'
import { endOf } from '../rights/term.ts'
import { createSession, hasSameRights, type Session, type Visitor } from './session.ts'

export interface SessionsOptions {
  readonly outbox: Outbox
  readonly bans: Bans
  readonly limits: SignalingLimits
  readonly holdings: Holdings
  /** A session is over: whatever else it held is to be given up. */
  gone(session: Session, how: 'left' | 'lost', now: number): void
  /** `timeout()` is wanted at this time or before. */
  wake(at: number): void
}

/** What a visitor finds. */
export interface Entrance {
  readonly session: Session
  /** What was missed, if the seats were kept; undefined for who has to join again. */
  readonly missed: readonly Entry[] | undefined
  /** Sessions whose place this one took: their sockets, if they have any, are to be let go. */
  readonly replaced: readonly string[]
}

const nobody: ReadonlySet<Session> = new Set()

/**
 * All sessions: who comes, who is waited for, who comes back, and who does not. Owns no socket and no timer; `now` is
 * in ms.
 */
export class Sessions {
  readonly #options: SessionsOptions
  readonly #sessions = new Map<string, Session>()
  readonly #byIdentity = new Map<string, Set<Session>>()
  /** Sessions without a socket, and until when their seats are kept. */
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
   * Whether a visitor may come in. Whose token has ended comes back to a seat that waits for them, and to nothing else.
   * Throws AppError `token-expired`, `token-invalid`, `removed`, `network-barred`.
   */
  requireEntry(visitor: Visitor, after: number, now: number): void {
    const { claims, term, source } = visitor
    this.#options.bans.check({ identity: claims.sub, guest: claims.guest, source }, now)
    const end = endOf(term, now)
    if (end && !this.#missed(visitor, after)) throw end
  }

  /** A socket comes: back to its session, if that still waits for it with the same rights; else as a new one. */
  enter(visitor: Visitor, after: number, now: number): Entrance {
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

  /** A newer token of the same person. Throws AppError `not-allowed` for another's. */
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

  /** The socket is gone, not by the client's wish: the seats are kept for a while from the last sign of life. */
  drop(session: Session, seenAt: number): void {
    if (this.#sessions.get(session.id) !== session) return
    const until = seenAt + protocolLimits.seatMs
    this.#away.set(session, until)
    this.#options.wake(until)
  }

  /** The page of a session is gone. False if there is no such session. */
  depart(id: string, now: number): boolean {
    const session = this.#sessions.get(id)
    if (session) this.lose(session, 'left', now)
    return session !== undefined
  }

  /** The session is over: everything it held is given up. */
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
   * Waits no longer for who should have been back by now.
   * @returns when the next one is to be back
   */
  timeout(now: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const [session, until] of [...this.#away]) {
      if (until <= now) this.lose(session, 'lost', now)
      else next = Math.min(next, until)
    }
    return next
  }

  /** What a visitor has missed of the session that waits for them with the same rights; undefined: there is none. */
  #missed(visitor: Visitor, after: number): readonly Entry[] | undefined {
    const known = this.#sessions.get(visitor.id)
    return known && hasSameRights(known, visitor) ? this.#options.outbox.missed(known.id, after) : undefined
  }

  /** A page that was reloaded takes the place of the one before, which may not have been able to say goodbye. */
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

  /** A source with too many sessions loses the one that has been away for longest. */
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
