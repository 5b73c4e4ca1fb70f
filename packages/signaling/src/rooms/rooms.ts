import type { Hold } from '@parley/net'
import {
  AppError,
  type ChatMessage,
  type LeaveReason,
  limits,
  type Participant,
  type RoomSnapshot,
  type TrackSource,
} from '@parley/protocol'
import type { Boards } from '../board/boards.ts'
import { type Held, type Holdings, overQuota, requireSpare } from '../holdings.ts'
import type { TopologyControl } from '../media/topology-control.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { type Changes, MeetingRoom, type Member, type RoomSettings } from './meeting-room.ts'

const nobody: ReadonlySet<string> = new Set()

export interface RoomsOptions {
  readonly outbox: Outbox
  readonly media: TopologyControl
  /** What the rooms' people have drawn. */
  readonly boards: Boards
  readonly holdings: Holdings
  /** The largest capacity, and the topology of rooms whose maker does not choose one. */
  readonly settings: RoomSettings
}

/**
 * All rooms, and who sits where. The first to come makes a room, and it vanishes with the last to leave. Pure: events go to
 * the outbox, and `now` is in ms.
 */
export class Rooms {
  readonly #outbox: Outbox
  readonly #media: TopologyControl
  readonly #boards: Boards
  readonly #holdings: Holdings
  readonly #settings: RoomSettings
  readonly #rooms = new Map<string, MeetingRoom>()
  readonly #seats = new Map<string, Set<string>>()
  /** What was taken from the sources' quotas: rooms by their name, seats by room and session. */
  readonly #holds = new Map<string, Hold>()
  readonly #private = new Map<string, readonly string[]>()
  #participants = 0

  constructor({ outbox, media, boards, holdings, settings }: RoomsOptions) {
    this.#outbox = outbox
    this.#media = media
    this.#boards = boards
    this.#holdings = holdings
    this.#settings = settings
  }

  get size(): number {
    return this.#rooms.size
  }

  get participants(): number {
    return this.#participants
  }

  all(): Iterable<MeetingRoom> {
    return this.#rooms.values()
  }

  /** Throws AppError `no-such-room`. */
  get(name: string): MeetingRoom {
    const room = this.#rooms.get(name)
    if (!room) throw new AppError('no-such-room')
    return room
  }

  find(name: string): MeetingRoom | undefined {
    return this.#rooms.get(name)
  }

  /** The rooms that a session sits in. */
  of(session: string): ReadonlySet<string> {
    return this.#seats.get(session) ?? nobody
  }

  isPrivate(name: string): boolean {
    return this.#private.has(name)
  }

  /** From now on only these sessions may enter the room. */
  reserve(name: string, sessions: readonly string[]): void {
    this.#private.set(name, sessions)
  }

  /**
   * Seats a member who has no seat in the room yet.
   * Throws AppError `room-private`, `room-full`, `too-large`, `over-quota`.
   */
  enter(name: string, member: Member, settings: Partial<RoomSettings>, now: number): RoomSnapshot {
    this.#admit(name, member.id)
    const known = this.#rooms.get(name)
    const { source } = member
    // Guests over HTTP were counted at their first request already, by whoever took that.
    const seated = member.via === undefined
    if (seated) requireSpare(this.#holdings, source, 'seats')
    if (!known) requireSpare(this.#holdings, source, 'rooms')
    const room = known ?? this.#make(name, settings, now)
    const self = room.enter(member, now)
    this.#rooms.set(name, room)
    if (!known) {
      this.#hold(name, source, 'rooms')
      this.#boards.take(name)
    }
    if (seated) this.#hold(seatKey(name, member.id), source, 'seats')
    this.#participants++
    const seats = this.#seats.get(member.id)
    if (seats) seats.add(name)
    else this.#seats.set(member.id, new Set([name]))
    this.#outbox.send(now, `room:${name}`, 'room.joined', { room: name, participant: self })
    this.#media.entered(room, self, now)
    this.#outbox.subscribe(member.id, `room:${name}`)
    return this.snapshot(name, self)
  }

  /** A room as it is now, for one of its members. Throws AppError `no-such-room`. @param chat Whether to include the chat. */
  snapshot(name: string, self: Participant, chat = true): RoomSnapshot {
    const snapshot = this.get(name).snapshot(self, chat)
    return this.#boards.isUsed(name) ? { ...snapshot, board: true } : snapshot
  }

  /** Throws whatever {@link enter} would throw, and changes nothing. */
  requireEntry(name: string, session: string, source: string): void {
    this.#admit(name, session)
    const room = this.#rooms.get(name)
    if (room) room.requireSeat()
    else requireSpare(this.#holdings, source, 'rooms')
  }

  /** Who is inside, for somebody outside. Throws AppError `room-private`. */
  peek(name: string, session: string): { participants: string[]; capacity: number } {
    this.#admit(name, session)
    const room = this.#rooms.get(name)
    const participants = room?.participants().map(participant => participant.name) ?? []
    return { participants, capacity: room?.capacity ?? this.#settings.capacity }
  }

  /** Frees a seat and tells the others; false if there was none. */
  leave(name: string, id: string, reason: LeaveReason, now: number): boolean {
    const room = this.#rooms.get(name)
    if (!room?.exit(id)) return false
    this.#freeSeat(name, id)
    if (room.size === 0) {
      this.#vanish(room)
      this.#boards.shelve(name, now)
    } else this.#outbox.send(now, `room:${name}`, 'room.left', { room: name, id, reason })
    this.#media.left(room, id, now)
    return true
  }

  /** Removes everybody and forgets that the room was private. Returns who was inside. */
  close(name: string, now: number): readonly Participant[] {
    this.#private.delete(name)
    const room = this.#rooms.get(name)
    if (!room) return []
    const inside = room.participants()
    this.#outbox.send(now, `room:${name}`, 'room.ended', { room: name, reason: 'closed' })
    for (const { id } of inside) {
      room.exit(id)
      this.#freeSeat(name, id)
      this.#media.left(room, id, now)
    }
    this.#vanish(room)
    this.#boards.drop(name)
    return inside
  }

  /** A room and a session's seat in it. Throws AppError `not-in-room`. */
  seat(name: string, id: string): { room: MeetingRoom; self: Participant } {
    const room = this.#rooms.get(name)
    const self = room?.find(id)
    if (!room || !self) throw new AppError('not-in-room')
    return { room, self }
  }

  /** Changes a seat at its owner's request, and tells the others if anything has changed. Throws AppError `not-in-room`. */
  update(name: string, id: string, changes: Changes, now: number): Participant {
    const { room, self } = this.seat(name, id)
    return this.#changed(room, self, room.update(self, changes, now), now)
  }

  /** Mutes somebody's track and tells them and the others. Throws AppError `no-such-room`, `no-such-participant`. */
  mute(name: string, id: string, source: TrackSource, now: number): void {
    const room = this.get(name)
    const before = room.find(id)
    if (!before) throw new AppError('no-such-participant')
    const after = room.mute(before, source, now)
    if (after === before) return
    this.#outbox.send(now, `session:${id}`, 'room.muted', { room: name, source })
    this.#changed(room, before, after, now)
  }

  /** Adds a message to the chat; one that is sent again is not delivered again. Throws AppError `not-in-room`, `over-quota`. */
  write(
    name: string,
    { id, source }: { readonly id: string; readonly source: string },
    said: { readonly id: string; readonly text: string },
    now: number,
  ): ChatMessage {
    const { room, self } = this.seat(name, id)
    const written = room.write(self, said, now, bytes => this.#holdings.take(source, 'chatBytes', bytes))
    if (!written) throw overQuota('chatBytes')
    if (written.fresh) this.#outbox.send(now, `room:${name}`, 'chat', written.message)
    return written.message
  }

  #admit(name: string, session: string): void {
    const guests = this.#private.get(name)
    if (guests && !guests.includes(session)) throw new AppError('room-private')
  }

  #changed(room: MeetingRoom, before: Participant, after: Participant, now: number): Participant {
    if (after !== before) {
      const others = `session:${after.id}` as const
      this.#outbox.send(now, `room:${room.name}`, 'room.changed', { room: room.name, participant: after }, others)
      this.#media.changed(room, after)
    }
    return after
  }

  #make(
    name: string,
    { capacity = limits.roomCapacityMax, ...asked }: Partial<RoomSettings>,
    now: number,
  ): MeetingRoom {
    return new MeetingRoom(
      name,
      { ...this.#settings, ...asked, capacity: Math.min(capacity, this.#settings.capacity) },
      now,
    )
  }

  #freeSeat(name: string, id: string): void {
    const seats = this.#seats.get(id)
    seats?.delete(name)
    if (seats?.size === 0) this.#seats.delete(id)
    this.#participants--
    this.#release(seatKey(name, id))
    this.#outbox.unsubscribe(id, `board:${name}`)
    this.#outbox.unsubscribe(id, `room:${name}`)
  }

  #vanish(room: MeetingRoom): void {
    this.#rooms.delete(room.name)
    this.#release(room.name)
    room.close()
  }

  #hold(key: string, source: string, kind: Held): void {
    const hold = this.#holdings.take(source, kind)
    if (hold) this.#holds.set(key, hold)
  }

  #release(key: string): void {
    this.#holds.get(key)?.release()
    this.#holds.delete(key)
  }
}

/** Unique, since no room name contains a space. */
function seatKey(room: string, id: string): string {
  return `${room} ${id}`
}
