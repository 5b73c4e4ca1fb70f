import { type Hold, sourceKey } from '@parley/net'
import {
  AppError,
  type Call,
  type CallOutcome,
  type IceServer,
  limits,
  type Participant,
  type RequestInput,
  type RoomSnapshot,
} from '@parley/protocol'
import { Calls, type CallsOptions, type Invitation } from './calls/calls.ts'
import { type Holdings, hasSpare, overQuota } from './holdings.ts'
import type { SignalingLimits } from './limits.ts'
import { MediaRooms } from './media/media-rooms.ts'
import { type Entry, Outbox, type Wire } from './outbox/outbox.ts'
import type { IceServerSource, MediaPlane, Pass } from './ports.ts'
import { Presence } from './presence/presence.ts'
import { type Ban, Bans, type NewBan } from './rights/bans.ts'
import { endOf, requireTerm, type Term } from './rights/term.ts'
import type { Member, RoomDesign } from './rooms/room.ts'
import { Rooms } from './rooms/rooms.ts'
import { createSession, hasSameRights, nameless, type Session, type Visitor } from './sessions/session.ts'
import type { Spender, Spending } from './spending.ts'

export interface SwitchboardOptions extends Pick<CallsOptions, 'newRoom'> {
  readonly wire: Wire
  readonly limits: SignalingLimits
  readonly holdings: Holdings
  readonly spending: Spending
  readonly bans?: Bans
  /** What the end of a token means to its holder: `stay`, and nothing more opens; `leave`, and everything closes. */
  readonly tokenEnd?: 'stay' | 'leave'
  /** Nobody is to use what that identity was given. */
  revoked?(identity: string): void
  /** Of rooms that are not asked for otherwise. */
  readonly design: RoomDesign
  readonly mediaPlane: MediaPlane | undefined
  callEnded(outcome: CallOutcome): void
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

/** How long an ended call is remembered: as long as somebody may come back and repeat what they said. */
const endedCallMs = limits.seatMs + 30_000
const sweepMs = 10_000
const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Somebody in a room without a session, and until when. */
export interface HttpSeat extends Term {
  readonly identity: string
  readonly guest: boolean
  readonly source: string
}

/**
 * Everything the server knows: sessions, rooms, calls and who is online, and how one follows from the other. Owns no
 * socket, no timer and no clock: events leave through the outbox, `now` is in ms.
 */
export class Switchboard {
  readonly outbox: Outbox
  readonly rooms: Rooms
  readonly media: MediaRooms
  readonly calls: Calls
  readonly presence: Presence
  readonly bans: Bans
  readonly limits: SignalingLimits
  readonly spending: Spending
  readonly #options: SwitchboardOptions
  readonly #sessions = new Map<string, Session>()
  readonly #byIdentity = new Map<string, Set<Session>>()
  /** Sessions without a socket, and until when their seats are kept. */
  readonly #away = new Map<Session, number>()
  readonly #holds = new Map<Session, Hold>()
  /** Who sits in a room without a session. */
  readonly #httpGuests = new Map<string, HttpSeat>()

  constructor(options: SwitchboardOptions, now: number) {
    this.#options = options
    this.limits = options.limits
    this.spending = options.spending
    this.bans = options.bans ?? new Bans()
    this.outbox = new Outbox(options.wire, options.limits, now)
    this.media = new MediaRooms({
      plane: options.mediaPlane,
      outbox: this.outbox,
      lose: (room, id, now) => this.rooms.leave(room, id, 'lost', now),
      wake: at => options.wake(at),
    })
    this.rooms = new Rooms({
      outbox: this.outbox,
      media: this.media,
      holdings: options.holdings,
      design: options.design,
    })
    this.presence = new Presence({
      engaged: identity => this.#engaged(identity),
      changed: (person, now) => this.outbox.send(now, 'watchers', 'presence', person, `identity:${person.identity}`),
    })
    this.calls = new Calls({
      ringMs: limits.ringMs,
      keepMs: endedCallMs,
      newRoom: options.newRoom,
      changed: (call, before, now) => this.#callChanged(call, before, now),
    })
    options.wake(now + sweepMs)
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

  /** The page of a session is gone. False if there is no such session. */
  depart(id: string, now: number): boolean {
    const session = this.#sessions.get(id)
    if (session) this.lose(session, 'left', now)
    return session !== undefined
  }

  /**
   * Whether a visitor may come in. Whose token has ended comes back to a seat that waits for them, and to nothing else.
   * Throws AppError `token-expired`, `token-invalid`, `removed`, `network-barred`.
   */
  requireEntry(visitor: Visitor, after: number, now: number): void {
    const { claims, term, source } = visitor
    this.bans.check({ identity: claims.sub, guest: claims.guest, source }, now)
    const end = endOf(term, now)
    if (end && !this.#missed(visitor, after)) throw end
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

  /** Servers for a session, with credentials for no longer than its rights last. */
  iceServers({ identity, term }: Session, source: IceServerSource, host: string | undefined, now: number): IceServer[] {
    return [...source.iceServers(identity, host, endOf(term, now) ? now : term.expiresAt)]
  }

  /** The socket is gone, not by the client's wish: the seats are kept for a while from the last sign of life. */
  drop(session: Session, seenAt: number): void {
    if (this.#sessions.get(session.id) !== session) return
    const until = seenAt + limits.seatMs
    this.#away.set(session, until)
    this.#options.wake(until)
  }

  /** The session is over: everything it held is given up. */
  lose(session: Session, how: 'left' | 'lost', now: number): void {
    if (this.#sessions.get(session.id) !== session) return
    this.cause(session, now, () => {
      for (const room of [...this.rooms.of(session.id)]) this.leave(session, room, how, now)
      this.calls.gone(session.id, session.identity, how, now)
      this.presence.forget(session.id, session.identity, now)
    })
    this.outbox.close(session.id)
    this.#sessions.delete(session.id)
    this.#away.delete(session)
    this.#holds.get(session)?.release()
    this.#holds.delete(session)
    const siblings = this.#byIdentity.get(session.identity)
    siblings?.delete(session)
    if (siblings?.size === 0) this.#byIdentity.delete(session.identity)
  }

  /** Does something and charges whoever does it for the events that it causes. */
  cause<T>(spender: Spender, now: number, act: () => T): T {
    const before = this.outbox.handedOut
    try {
      return act()
    } finally {
      this.spending.charge(spender, now, this.outbox.handedOut - before)
    }
  }

  /** Throws AppError as {@link Calls.invite} does, and `over-quota`. */
  invite(
    { to, ...invitation }: Pick<Invitation, 'id' | 'media' | 'caller'> & { to: string },
    source: string,
    now: number,
  ): Call {
    const { name = to, status = 'offline' } = this.presence.find(to) ?? {}
    const hold = () => {
      const hold = this.#options.holdings.take(source, 'calls')
      if (!hold) throw overQuota('calls')
      return hold
    }
    const callee = { identity: to, name }
    const call = this.calls.invite({ ...invitation, callee, calleeStatus: status, hold }, now)
    if (call.state.status === 'ended' && call.state.outcome === 'busy') this.#options.callEnded('busy')
    return call
  }

  /** Takes a seat, or finds it taken already. Throws AppError `too-many-rooms`, and as {@link Rooms.enter} does. */
  join(session: Session, wishes: RequestInput<'room.join'>, now: number): RoomSnapshot {
    const { room, capacity, topology, topologyNow } = wishes
    const name = session.named ? undefined : wishes.name
    const metadata = session.grants.chat ? wishes.metadata : undefined
    if (this.rooms.of(session.id).has(room)) {
      const told = session.told.has(room)
      session.told.add(room)
      const self = this.rooms.update(room, session.id, { name, metadata }, now)
      return this.rooms.get(room).snapshot(self, !told)
    }
    if (!this.#hasSeatLeft(session)) throw new AppError('too-many-rooms')
    const member = {
      id: session.id,
      identity: session.identity,
      name: name ?? session.name ?? nameless,
      metadata,
      subscribe: session.grants.subscribe,
      source: session.source,
    }
    const design = {
      ...(capacity && { capacity }),
      ...(topology && { wish: topology }),
      ...(topologyNow && { now: topologyNow }),
    }
    const snapshot = this.rooms.enter(room, member, design, now)
    const seats = this.rooms.of(session.id)
    for (const told of session.told) if (!seats.has(told)) session.told.delete(told)
    session.told.add(room)
    this.presence.refresh(session.identity, now)
    return snapshot
  }

  /** Gives up a seat, if there is one; a call that lived in that room is over. */
  leave(session: { id: string; identity: string }, room: string, how: 'left' | 'lost' | 'removed', now: number): void {
    if (this.rooms.leave(room, session.id, how, now))
      this.#stoodUp(session, room, how === 'lost' ? 'lost' : 'left', now)
  }

  /** A seat for somebody who came by HTTP. Throws AppError as {@link Rooms.enter} does, and for whom the room is closed. */
  admit(room: string, guest: HttpSeat, member: Member, now: number): Participant {
    requireTerm(guest, now)
    this.bans.check({ ...guest, room }, now)
    const { self } = this.rooms.enter(room, member, {}, now)
    this.#httpGuests.set(self.id, guest)
    return self
  }

  /**
   * Takes every seat of somebody in a room away, tells them, and keeps them out: their identity for as long as their token
   * could have let them in, at least a day. A guest has another identity for nothing, so newcomers from the same network
   * wait for an hour; who has sat in the room already is no newcomer, at the first time.
   * Throws AppError `no-such-room`, `no-such-participant`.
   */
  remove(room: string, id: string, now: number): void {
    const place = this.rooms.get(room)
    const participant = place.find(id)
    if (!participant) throw new AppError('no-such-participant')
    const { identity } = participant
    const seats = place.participants().filter(one => one.identity === identity)
    const holders = seats.flatMap(one => this.#sessions.get(one.id) ?? this.#httpGuests.get(one.id) ?? [])
    const ends = holders.map(holder => ('term' in holder ? holder.term : holder).expiresAt ?? 0)
    this.bans.add({ room, identity, until: Math.max(now + dayMs, ...ends) }, now)
    for (const source of new Set(holders.filter(({ guest }) => guest).map(holder => holder.source))) {
      const again = this.bans.guards(room, source, now)
      const spared = again ? place.participants().map(one => one.identity) : place.visitors()
      this.bans.add({ room, source, spared: spared.filter(one => one !== identity), until: now + hourMs }, now)
    }
    for (const seat of seats) this.#takeSeat(room, seat, now)
    if (!this.#isOfUse(identity, room)) this.#options.revoked?.(identity)
  }

  /** Whoever a ban is about goes, from its room or from everywhere. Throws nothing. */
  ban(ban: NewBan, now: number): Ban {
    const made = this.bans.add(ban, now)
    const { room } = ban
    // Who is kept out of the server may hold what they were given by HTTP, and have no session at all.
    const lost = new Set(room === undefined && ban.identity !== undefined ? [ban.identity] : [])
    for (const session of [...this.#sessions.values()]) {
      const { id, identity, guest, source } = session
      if (room !== undefined && !this.rooms.of(id).has(room)) continue
      const code = this.bans.refusal({ identity, guest, source, ...(room !== undefined && { room }) }, now)
      if (!code) continue
      if (room === undefined) this.end(session, new AppError(code), now)
      else this.#takeSeat(room, session, now)
      lost.add(identity)
    }
    for (const [id, guest] of [...this.#httpGuests]) {
      for (const seated of [...this.rooms.of(id)]) {
        if (!this.bans.refusal({ ...guest, room: seated }, now)) continue
        this.leave({ id, identity: guest.identity }, seated, 'removed', now)
        lost.add(guest.identity)
      }
    }
    for (const identity of lost) if (!this.#isOfUse(identity, room)) this.#options.revoked?.(identity)
    return made
  }

  /** A session ends for a reason that is not the client's. */
  end(session: Session, why: AppError, now: number): void {
    this.outbox.send(now, `session:${session.id}`, 'session.ended', why.toJSON())
    this.lose(session, 'left', now)
    this.#options.wire.dismiss(session.id)
  }

  /** Sends everybody out of a room. */
  close(room: string, now: number): void {
    for (const participant of this.rooms.close(room, now)) this.#stoodUp(participant, room, 'left', now)
  }

  /** Lets time do what it does: empty seats, unanswered calls, old events. */
  timeout(now: number): void {
    let next = now + sweepMs
    for (const [session, until] of [...this.#away]) {
      if (until <= now) this.lose(session, 'lost', now)
      else next = Math.min(next, until)
    }
    if (this.#options.tokenEnd === 'leave') next = Math.min(next, this.#endTokens(now))
    for (const id of this.#httpGuests.keys()) if (this.rooms.of(id).size === 0) this.#httpGuests.delete(id)
    this.calls.timeout(now)
    this.outbox.sweep(now)
    this.spending.sweep(now)
    this.#options.wake(Math.min(next, this.calls.nextTimeout() ?? next, this.media.timeout(now)))
  }

  /** A page that was reloaded takes the place of the one before, which may not have been able to say goodbye. */
  #succeed({ claims, tab }: Visitor, now: number): readonly string[] {
    const former = [...(this.#byIdentity.get(claims.sub) ?? [])].filter(session => tab && session.tab === tab)
    for (const session of former) this.lose(session, 'left', now)
    return former.map(({ id }) => id)
  }

  /** What a visitor has missed of the session that waits for them with the same rights; undefined: there is none. */
  #missed(visitor: Visitor, after: number): readonly Entry[] | undefined {
    const known = this.#sessions.get(visitor.id)
    return known && hasSameRights(known, visitor) ? this.outbox.missed(known.id, after) : undefined
  }

  /** @returns when the next one ends */
  #endTokens(now: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const session of [...this.#sessions.values()]) {
      const end = endOf(session.term, now)
      if (end) this.end(session, new AppError(end.code), now)
      else next = Math.min(next, session.term.expiresAt ?? next)
    }
    for (const [id, guest] of this.#httpGuests) {
      if (!endOf(guest, now)) next = Math.min(next, guest.expiresAt ?? next)
      else for (const room of [...this.rooms.of(id)]) this.leave({ id, identity: guest.identity }, room, 'left', now)
    }
    return next
  }

  #takeSeat(room: string, seat: { readonly id: string; readonly identity: string }, now: number): void {
    this.outbox.send(now, `session:${seat.id}`, 'room.ended', { room, reason: 'removed' })
    this.leave(seat, room, 'removed', now)
  }

  /** Whether somebody who lost a room can still use what they were given for it: elsewhere, where they are or may be. */
  #isOfUse(identity: string, lost: string | undefined): boolean {
    const sessions = [...(this.#byIdentity.get(identity) ?? [])]
    if (sessions.some(({ id }) => this.rooms.of(id).size > 0) || this.calls.of(identity)) return true
    return lost !== undefined && sessions.some(({ guest, onlyRoom }) => !guest && onlyRoom !== lost)
  }

  #admit(visitor: Visitor, now: number): Session {
    const session = createSession(visitor, this.#options.limits, now)
    const { id, identity, source, term } = session
    if (term.expiresAt !== undefined) this.#options.wake(term.expiresAt)
    this.#makeRoomFor(source, now)
    const hold = this.#options.holdings.take(source, 'sessions')
    if (hold) this.#holds.set(session, hold)
    this.#sessions.set(id, session)
    const siblings = this.#byIdentity.get(identity)
    if (siblings) siblings.add(session)
    else this.#byIdentity.set(identity, new Set([session]))
    this.outbox.open(id)
    this.outbox.subscribe(id, `session:${id}`)
    if (session.onlyRoom === undefined) this.outbox.subscribe(id, `identity:${identity}`)
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

  #stoodUp({ id, identity }: { id: string; identity: string }, room: string, how: 'left' | 'lost', now: number): void {
    const state = this.calls.of(identity)?.state
    if (state?.status === 'accepted' && state.room === room) this.calls.gone(id, identity, how, now)
    this.presence.refresh(identity, now)
  }

  #engaged(identity: string): boolean {
    if (this.calls.of(identity)?.state.status === 'accepted') return true
    for (const session of this.#byIdentity.get(identity) ?? []) if (this.rooms.of(session.id).size > 0) return true
    return false
  }

  #hasSeatLeft({ id }: Session): boolean {
    return this.rooms.of(id).size < this.limits.roomsPerSession
  }

  #canBeSeated(session: Session): boolean {
    const { holdings } = this.#options
    const { source } = session
    return this.#hasSeatLeft(session) && hasSpare(holdings, source, 'seats') && hasSpare(holdings, source, 'rooms')
  }

  /** The room of a call begins with both inside. Who sits in too many rooms already has to ask, and hears that. */
  #seat(sessions: readonly string[], room: string, now: number): void {
    this.rooms.reserve(room, sessions)
    for (const id of sessions) {
      const session = this.#sessions.get(id)
      if (!session || !this.#canBeSeated(session)) continue
      this.outbox.send(now, `session:${id}`, 'room.entered', this.join(session, { room }, now))
    }
  }

  /** The caller's other tabs hear of a call only when it is answered or over: there is nothing for them to do before. */
  #callChanged(call: Call, before: Call | undefined, now: number): void {
    const { state, caller, callee } = call
    if (state.status === 'accepted') this.#seat([state.callerSession, state.calleeSession], state.room, now)
    this.outbox.send(now, `identity:${callee.identity}`, 'call', call)
    if (state.status === 'ringing') {
      this.#options.wake(state.until)
      return
    }
    this.outbox.send(now, `identity:${caller.identity}`, 'call', call)
    if (state.status === 'ended') {
      this.#options.callEnded(state.outcome)
      if (before?.state.status === 'accepted') this.close(before.state.room, now)
    }
    this.presence.refresh(caller.identity, now)
    this.presence.refresh(callee.identity, now)
  }
}
