import { AppError } from '@parley/protocol'
import type { Calls } from '../calls/calls.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Rooms } from '../rooms/rooms.ts'
import type { Session } from '../sessions/session.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Ban, Bans, NewBan } from './bans.ts'
import { endOf, type Term } from './term.ts'

/** A seat of somebody without a session, and how long their rights last. */
export interface HttpSeat extends Term {
  readonly identity: string
  readonly guest: boolean
  readonly source: string
}

interface Seat {
  readonly id: string
  readonly identity: string
}

export interface RemovalsOptions {
  readonly bans: Bans
  readonly sessions: Sessions
  readonly rooms: Rooms
  readonly calls: Calls
  readonly outbox: Outbox
  /** What happens when a token expires. `stay`: it opens nothing new; `leave`: everything that it opened is closed. */
  readonly tokenEnd: 'stay' | 'leave'
  /** Credentials that this identity was given are to stop working. */
  revoked(identity: string): void
  /** A seat is to be given up. */
  leave(seat: Seat, room: string, how: 'left' | 'removed', now: number): void
  /** A session is over: its socket, if it has one, is to be closed. */
  dismiss(session: string): void
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Takes away what people have when they are banned or when their rights end. Owns no timer; `now` is in ms. */
export class Removals {
  readonly #options: RemovalsOptions
  /** Seats of people without a session, by seat. */
  readonly #httpSeats = new Map<string, HttpSeat>()

  constructor(options: RemovalsOptions) {
    this.#options = options
  }

  /** Remembers somebody who took a seat without a session, so that they can be removed. */
  note(id: string, seat: HttpSeat): void {
    this.#httpSeats.set(id, seat)
  }

  /**
   * Takes away every seat that somebody has in a room, tells them, and keeps their identity out: for as long as their token
   * would have let them in, but at least a day. Since a guest can have a new identity for nothing, guests from the same network
   * are kept out for an hour. At the first such ban that does not include anybody who has been in the room before.
   * Throws AppError `no-such-room`, `no-such-participant`.
   */
  remove(room: string, id: string, now: number): void {
    const { bans, rooms, sessions } = this.#options
    const place = rooms.get(room)
    const participant = place.find(id)
    if (!participant) throw new AppError('no-such-participant')
    const { identity } = participant
    const seats = place.participants().filter(one => one.identity === identity)
    const holders = seats.flatMap(one => sessions.find(one.id) ?? this.#httpSeats.get(one.id) ?? [])
    const ends = holders.map(holder => ('term' in holder ? holder.term : holder).expiresAt ?? 0)
    bans.add({ room, identity, until: Math.max(now + dayMs, ...ends) }, now)
    for (const source of new Set(holders.filter(({ guest }) => guest).map(holder => holder.source))) {
      const again = bans.guards(room, source, now)
      const spared = again ? place.participants().map(one => one.identity) : place.visitors()
      bans.add({ room, source, spared: spared.filter(one => one !== identity), until: now + hourMs }, now)
    }
    for (const seat of seats) this.#takeSeat(room, seat, now)
    this.#revoke(identity, room)
  }

  /** Adds a ban, and removes everybody whom it is about, from its room or from the server. Throws nothing. */
  ban(ban: NewBan, now: number): Ban {
    const { bans, rooms, sessions } = this.#options
    const made = bans.add(ban, now)
    const { room } = ban
    // Somebody who is banned from the server may hold credentials that they got over HTTP, without any session.
    const lost = new Set(room === undefined && ban.identity !== undefined ? [ban.identity] : [])
    for (const session of [...sessions.all()]) {
      const { id, identity, guest, source } = session
      if (room !== undefined && !rooms.of(id).has(room)) continue
      const code = bans.refusal({ identity, guest, source, ...(room !== undefined && { room }) }, now)
      if (!code) continue
      if (room === undefined) this.#end(session, new AppError(code), now)
      else this.#takeSeat(room, session, now)
      lost.add(identity)
    }
    for (const [id, guest] of [...this.#httpSeats]) {
      for (const seated of [...rooms.of(id)]) {
        if (!bans.refusal({ ...guest, room: seated }, now)) continue
        this.#options.leave({ id, identity: guest.identity }, seated, 'removed', now)
        lost.add(guest.identity)
      }
    }
    for (const identity of lost) this.#revoke(identity, room)
    return made
  }

  /**
   * Removes people whose token has expired, if tokens are to end that way.
   * @returns When the next token expires.
   */
  timeout(now: number): number {
    const next = this.#options.tokenEnd === 'leave' ? this.#endTokens(now) : Number.POSITIVE_INFINITY
    for (const id of this.#httpSeats.keys()) if (this.#options.rooms.of(id).size === 0) this.#httpSeats.delete(id)
    return next
  }

  #endTokens(now: number): number {
    const { rooms, sessions } = this.#options
    let next = Number.POSITIVE_INFINITY
    for (const session of [...sessions.all()]) {
      const end = endOf(session.term, now)
      if (end) this.#end(session, new AppError(end.code), now)
      else next = Math.min(next, session.term.expiresAt ?? next)
    }
    for (const [id, guest] of this.#httpSeats) {
      if (!endOf(guest, now)) {
        next = Math.min(next, guest.expiresAt ?? next)
        continue
      }
      for (const room of [...rooms.of(id)]) this.#options.leave({ id, identity: guest.identity }, room, 'left', now)
    }
    return next
  }

  /** Ends a session for a reason that its client is told. */
  #end(session: Session, why: AppError, now: number): void {
    const { outbox, sessions } = this.#options
    outbox.send(now, `session:${session.id}`, 'session.ended', why.toJSON())
    sessions.lose(session, 'left', now)
    this.#options.dismiss(session.id)
  }

  #takeSeat(room: string, seat: Seat, now: number): void {
    this.#options.outbox.send(now, `session:${seat.id}`, 'room.ended', { room, reason: 'removed' })
    this.#options.leave(seat, room, 'removed', now)
  }

  /** Revokes the credentials of somebody who lost a room, or everything, unless they may still need them. */
  #revoke(identity: string, lost: string | undefined): void {
    if (!this.#isOfUse(identity, lost)) this.#options.revoked(identity)
  }

  /** Whether somebody who lost a room is, or may be, somewhere else where they need their credentials. */
  #isOfUse(identity: string, lost: string | undefined): boolean {
    const { calls, rooms } = this.#options
    const sessions = [...this.#options.sessions.of(identity)]
    if (sessions.some(({ id }) => rooms.of(id).size > 0) || calls.of(identity)) return true
    return lost !== undefined && sessions.some(({ guest, onlyRoom }) => !guest && onlyRoom !== lost)
  }
}
