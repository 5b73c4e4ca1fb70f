import { type Hold, sourceKey } from '@parley/net'
import { AppError, type Call, type CallOutcome, limits, type RequestInput, type RoomSnapshot } from '@parley/protocol'
import { Calls, type CallsOptions, type Invitation } from './calls/calls.ts'
import { type Holdings, hasSpare, overQuota } from './holdings.ts'
import type { SignalingLimits } from './limits.ts'
import { MediaRooms } from './media/media-rooms.ts'
import { type Entry, Outbox, type Wire } from './outbox/outbox.ts'
import type { MediaPlane } from './ports.ts'
import { Presence } from './presence/presence.ts'
import type { RoomDesign } from './rooms/room.ts'
import { Rooms } from './rooms/rooms.ts'
import { createSession, hasSameRights, nameless, type Session, type Visitor } from './sessions/session.ts'
import type { Spender, Spending } from './spending.ts'

export interface SwitchboardOptions extends Pick<CallsOptions, 'newRoom'> {
  readonly wire: Wire
  readonly limits: SignalingLimits
  readonly holdings: Holdings
  readonly spending: Spending
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
  readonly limits: SignalingLimits
  readonly spending: Spending
  readonly #options: SwitchboardOptions
  readonly #sessions = new Map<string, Session>()
  readonly #byIdentity = new Map<string, Set<Session>>()
  /** Sessions without a socket, and until when their seats are kept. */
  readonly #away = new Map<Session, number>()
  readonly #holds = new Map<Session, Hold>()

  constructor(options: SwitchboardOptions, now: number) {
    this.#options = options
    this.limits = options.limits
    this.spending = options.spending
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
    const missed = known && hasSameRights(known, visitor) ? this.outbox.missed(known.id, after) : undefined
    if (known && missed) {
      this.#away.delete(known)
      known.source = visitor.source
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

  /** Takes a seat away and tells whose it was. Throws AppError `no-such-room`, `no-such-participant`. */
  remove(room: string, id: string, now: number): void {
    const participant = this.rooms.get(room).find(id)
    if (!participant) throw new AppError('no-such-participant')
    this.outbox.send(now, `session:${id}`, 'room.ended', { room, reason: 'removed' })
    this.leave(participant, room, 'removed', now)
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

  #admit(visitor: Visitor, now: number): Session {
    const session = createSession(visitor, this.#options.limits, now)
    const { id, identity, source } = session
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
