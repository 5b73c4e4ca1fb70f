import {
  AppError,
  type Call,
  type CallOutcome,
  limits,
  type Participant,
  type RequestInput,
  type RoomSnapshot,
} from '@parley/protocol'
import { Boards } from './board/boards.ts'
import { Calls, type CallsOptions, type Invitation } from './calls/calls.ts'
import { type Holdings, hasSpare, overQuota } from './holdings.ts'
import type { SignalingLimits } from './limits.ts'
import { TopologyControl } from './media/topology-control.ts'
import { Outbox, type Wire } from './outbox/outbox.ts'
import type { MediaPlane } from './ports.ts'
import { PresenceRegistry } from './presence/presence-registry.ts'
import type { Bans } from './rights/bans.ts'
import { type HttpSeat, Removals, type RemovalsOptions } from './rights/removals.ts'
import { requireTerm } from './rights/term.ts'
import type { Member, RoomSettings } from './rooms/meeting-room.ts'
import { Rooms } from './rooms/rooms.ts'
import { nameless, type Session } from './sessions/session.ts'
import { Sessions } from './sessions/sessions.ts'
import type { Spender, Spending } from './spending.ts'

export interface SwitchboardOptions
  extends Pick<CallsOptions, 'newRoom'>,
    Pick<RemovalsOptions, 'bans' | 'tokenEnd' | 'revoked'> {
  readonly wire: Wire
  readonly limits: SignalingLimits
  readonly holdings: Holdings
  readonly spending: Spending
  /** The settings of rooms whose maker asks for nothing else. */
  readonly settings: RoomSettings
  readonly mediaPlane: MediaPlane | undefined
  /** Makes the id of a whiteboard, which no other has had. */
  newBoard(): string
  callEnded(outcome: CallOutcome): void
  /** Asks for `timeout()` to be called at this time or earlier. */
  wake(at: number): void
}

/** How long an ended call is remembered, ms: as long as somebody may reconnect and repeat a request about it. */
const endedCallMs = limits.seatMs + 30_000
const sweepMs = 10_000

/**
 * Everything that the server knows (sessions, rooms, calls, who is online), and how a change of one changes the others. Owns
 * no socket, timer or clock: events leave through the outbox, and `now` is in ms.
 */
export class Switchboard {
  readonly outbox: Outbox
  readonly sessions: Sessions
  readonly rooms: Rooms
  readonly boards: Boards
  readonly media: TopologyControl
  readonly calls: Calls
  readonly presence: PresenceRegistry
  readonly bans: Bans
  readonly removals: Removals
  readonly limits: SignalingLimits
  readonly spending: Spending
  readonly #options: SwitchboardOptions

  constructor(options: SwitchboardOptions, now: number) {
    this.#options = options
    this.limits = options.limits
    this.spending = options.spending
    this.bans = options.bans
    this.outbox = new Outbox(options.wire, options.limits, now)
    this.sessions = new Sessions({
      outbox: this.outbox,
      bans: this.bans,
      limits: options.limits,
      holdings: options.holdings,
      gone: (session, how, now) => this.#gone(session, how, now),
      wake: at => options.wake(at),
    })
    this.media = new TopologyControl({
      plane: options.mediaPlane,
      outbox: this.outbox,
      lose: (room, id, now) => this.rooms.leave(room, id, 'lost', now),
      wake: at => options.wake(at),
    })
    this.boards = new Boards({ caps: options.limits, holdings: options.holdings, newId: () => options.newBoard() })
    this.rooms = new Rooms({
      outbox: this.outbox,
      media: this.media,
      boards: this.boards,
      holdings: options.holdings,
      settings: options.settings,
    })
    this.presence = new PresenceRegistry({
      engaged: identity => this.#engaged(identity),
      changed: (person, now) => this.outbox.send(now, 'watchers', 'presence', person, `identity:${person.identity}`),
    })
    this.calls = new Calls({
      ringMs: limits.ringMs,
      keepMs: endedCallMs,
      newRoom: options.newRoom,
      changed: (call, before, now) => this.#callChanged(call, before, now),
    })
    this.removals = new Removals({
      bans: this.bans,
      sessions: this.sessions,
      rooms: this.rooms,
      calls: this.calls,
      outbox: this.outbox,
      tokenEnd: options.tokenEnd,
      revoked: identity => options.revoked(identity),
      leave: (seat, room, how, now) => this.leave(seat, room, how, now),
      dismiss: session => options.wire.dismiss(session),
    })
    options.wake(now + sweepMs)
  }

  /** Runs `act`, and charges the spender for the events that it causes. */
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

  /** Seats a session in a room, if it is not there already. Throws AppError `too-many-rooms`, and as {@link Rooms.enter} does. */
  join(session: Session, wishes: RequestInput<'room.join'>, now: number): RoomSnapshot {
    const { room, capacity, topology, topologyNow } = wishes
    const name = session.named ? undefined : wishes.name
    const metadata = session.grants.chat ? wishes.metadata : undefined
    if (this.rooms.of(session.id).has(room)) {
      const told = session.told.has(room)
      session.told.add(room)
      const self = this.rooms.update(room, session.id, { name, metadata }, now)
      return this.rooms.snapshot(room, self, !told)
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
    const settings = {
      ...(capacity && { capacity }),
      ...(topology && { wish: topology }),
      ...(topologyNow && { now: topologyNow }),
    }
    const snapshot = this.rooms.enter(room, member, settings, now)
    const seats = this.rooms.of(session.id)
    for (const told of session.told) if (!seats.has(told)) session.told.delete(told)
    session.told.add(room)
    this.presence.refresh(session.identity, now)
    return snapshot
  }

  /** Gives up a seat, if there is one; a call that takes place in that room is over. */
  leave(session: { id: string; identity: string }, room: string, how: 'left' | 'lost' | 'removed', now: number): void {
    if (this.rooms.leave(room, session.id, how, now))
      this.#seatFreed(session, room, how === 'lost' ? 'lost' : 'left', now)
  }

  /** Seats a guest who came by HTTP. Throws AppError as {@link Rooms.enter} and {@link Bans.check} do. */
  admit(room: string, guest: HttpSeat, member: Member, now: number): Participant {
    requireTerm(guest, now)
    this.bans.check({ ...guest, room }, now)
    const { self } = this.rooms.enter(room, member, {}, now)
    this.removals.note(self.id, guest)
    return self
  }

  /** Sends everybody out of a room. */
  close(room: string, now: number): void {
    for (const participant of this.rooms.close(room, now)) this.#seatFreed(participant, room, 'left', now)
  }

  /** Ends what is due at `now`: seats that were kept for too long, unanswered calls, old events. */
  timeout(now: number): void {
    const next = Math.min(now + sweepMs, this.sessions.timeout(now), this.removals.timeout(now))
    this.calls.timeout(now)
    this.outbox.sweep(now)
    this.spending.sweep(now)
    this.boards.sweep(now)
    this.#options.wake(Math.min(next, this.calls.nextTimeout() ?? next, this.media.timeout(now)))
  }

  /** A session is over: frees its seats, ends its calls, takes it offline. */
  #gone(session: Session, how: 'left' | 'lost', now: number): void {
    this.cause(session, now, () => {
      for (const room of [...this.rooms.of(session.id)]) this.leave(session, room, how, now)
      this.calls.gone(session.id, session.identity, how, now)
      this.presence.forget(session.id, session.identity, now)
    })
  }

  #seatFreed(
    { id, identity }: { id: string; identity: string },
    room: string,
    how: 'left' | 'lost',
    now: number,
  ): void {
    const state = this.calls.of(identity)?.state
    if (state?.status === 'accepted' && state.room === room) this.calls.gone(id, identity, how, now)
    this.presence.refresh(identity, now)
  }

  #engaged(identity: string): boolean {
    if (this.calls.of(identity)?.state.status === 'accepted') return true
    for (const session of this.sessions.of(identity)) if (this.rooms.of(session.id).size > 0) return true
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

  /** Seats both sides of an accepted call. A session that is in too many rooms has to join by itself, and is then told why not. */
  #seat(sessions: readonly string[], room: string, now: number): void {
    this.rooms.reserve(room, sessions)
    for (const id of sessions) {
      const session = this.sessions.find(id)
      if (!session || !this.#canBeSeated(session)) continue
      this.outbox.send(now, `session:${id}`, 'room.entered', this.join(session, { room }, now))
    }
  }

  /** Tells of a call. The caller's other tabs hear of it only once it is answered or over, since they cannot act before. */
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
