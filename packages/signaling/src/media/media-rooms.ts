import type { MediaBody, MediaState, Participant, SubscriptionWishes, Topology } from '@parley/protocol'
import type { Outbox } from '../outbox/outbox.ts'
import type { MediaPlane } from '../ports.ts'
import type { Room } from '../rooms/room.ts'

export interface MediaRoomsOptions {
  /** Undefined: there is no SFU, every room is a mesh. */
  readonly plane: MediaPlane | undefined
  readonly outbox: Outbox
  /** Takes away the seat of somebody whose connection cannot come back. */
  lose(room: string, id: string, now: number): void
  /** `timeout()` is wanted at this time or before. */
  wake(at: number): void
}

/** How a room's media goes now, and what is about to change. */
interface Course {
  readonly room: Room
  /** Who has a seat at the SFU. */
  readonly seats: Set<string>
  /** Who may still need the way that media took before. */
  readonly unsettled: Set<string>
  /** Ways that did not come about between the people who are there now. */
  readonly failed: Set<Topology>
  /** When it becomes a mesh again, if nobody comes. */
  meshAt: number
  /** When that mesh has failed, if somebody still needs the SFU. */
  meshBy: number
}

/** More people than this are too many for a mesh. */
const meshSize = 2
/** A room that became small stays with the SFU for so long: people come back. */
const settleMs = 30_000
/** How long a mesh may take to carry everything that the SFU did. */
const patienceMs = 20_000
const never = Number.POSITIVE_INFINITY

/**
 * Decides which way each room's media takes, and tells the media plane who sits there. A room that grows goes to the SFU
 * at once; one that shrinks goes back after a while. A way that fails is not taken again by the same people, and nobody
 * loses a seat at the SFU before everybody can do without. Pure; `now` is in ms.
 */
export class MediaRooms {
  readonly #options: MediaRoomsOptions
  readonly #courses = new Map<string, Course>()

  constructor(options: MediaRoomsOptions) {
    this.#options = options
  }

  /** Whether there is an SFU that can serve. */
  get available(): boolean {
    return this.#options.plane?.available ?? false
  }

  /** Somebody took a seat; they are in the room already, and are told of no change. */
  entered(room: Room, participant: Participant, now: number): void {
    const course = this.#courses.get(room.name) ?? this.#begin(room)
    if (room.topology.now === 'sfu') this.#seat(course, participant)
    this.#meetAnew(course, now)
    course.unsettled.delete(participant.id) // They have no way from before.
  }

  changed(room: Room, participant: Participant): void {
    const course = this.#courses.get(room.name)
    if (course?.seats.has(participant.id)) this.#seat(course, participant)
  }

  left(room: Room, id: string, now: number): void {
    const course = this.#courses.get(room.name)
    if (!course) return
    if (course.seats.delete(id)) this.#options.plane?.unseat(room.name, id)
    if (room.size === 0) {
      this.#courses.delete(room.name)
      return
    }
    this.#meetAnew(course, now)
    if (course.unsettled.delete(id)) this.#settle(course, now)
  }

  /** How the way that media takes serves somebody. What is said of another way comes too late. */
  report(room: string, id: string, topology: Topology, state: MediaState, now: number): void {
    const course = this.#courses.get(room)
    if (course?.room.topology.now !== topology) return
    if (state === 'failed') this.#fail(course, topology, now)
    else if (course.unsettled.delete(id)) this.#settle(course, now)
    else if (course.unsettled.size === 0) this.#options.outbox.send(now, `session:${id}`, 'room.settled', { room })
  }

  /** False: this room's media does not go through the SFU. */
  receive(room: string, id: string, body: MediaBody): boolean {
    if (!this.#courses.get(room)?.seats.has(id)) return false
    this.#options.plane?.receive(room, id, body)
    return true
  }

  /** False: this room's media does not go through the SFU. */
  subscribe(room: string, id: string, wishes: SubscriptionWishes): boolean {
    if (!this.#courses.get(room)?.seats.has(id)) return false
    this.#options.plane?.subscribe(room, id, wishes)
    return true
  }

  /** The SFU knows nothing any more: everybody takes a seat again, and is told. */
  lost(now: number): void {
    for (const course of [...this.#courses.values()]) {
      const { room, seats } = course
      if (seats.size === 0) continue
      for (const { id, via } of room.participants()) if (via) this.#options.lose(room.name, id, now)
      for (const participant of room.participants()) if (seats.has(participant.id)) this.#seat(course, participant)
      this.#options.outbox.send(now, `room:${room.name}`, 'media.lost', { room: room.name })
    }
  }

  /** Lets time do what it does; returns when it is wanted again. */
  timeout(now: number): number {
    let next = never
    for (const course of this.#courses.values()) {
      if (course.meshAt <= now) this.#change(course, 'mesh', now)
      if (course.meshBy <= now) this.#fail(course, 'mesh', now)
      next = Math.min(next, course.meshAt, course.meshBy)
    }
    return next
  }

  #begin(room: Room): Course {
    const ways = this.#ways(room)
    if (!ways.includes(room.topology.now)) room.topology = { ...room.topology, now: ways[0] }
    const course: Course = {
      room,
      seats: new Set(),
      unsettled: new Set(),
      failed: new Set(),
      meshAt: never,
      meshBy: never,
    }
    this.#courses.set(room.name, course)
    return course
  }

  /** Other people: what did not come about before may do so now. */
  #meetAnew(course: Course, now: number): void {
    course.failed.clear()
    if (course.meshBy !== never) course.meshBy = now + patienceMs
    this.#steer(course, now)
  }

  #fail(course: Course, topology: Topology, now: number): void {
    course.failed.add(topology)
    course.meshBy = never
    this.#steer(course, now)
  }

  #steer(course: Course, now: number): void {
    const ways = this.#ways(course.room)
    const wanted = ways.find(way => !course.failed.has(way)) ?? ways[0]
    if (wanted === course.room.topology.now) course.meshAt = never
    else if (wanted === 'sfu') this.#change(course, 'sfu', now)
    else if (course.meshAt === never) {
      course.meshAt = now + settleMs
      this.#options.wake(course.meshAt)
    }
  }

  /** Those that a room may take, the best one first. */
  #ways(room: Room): readonly [Topology, ...Topology[]] {
    const { wish } = room.topology
    if (!this.available || wish === 'mesh') return ['mesh']
    const isMeshable = room.size <= meshSize && room.participants().every(({ via }) => via === undefined)
    return wish === 'auto' && isMeshable ? ['mesh', 'sfu'] : ['sfu']
  }

  #change(course: Course, topology: Topology, now: number): void {
    const { room, unsettled } = course
    room.topology = { ...room.topology, now: topology }
    course.meshAt = never
    course.meshBy = topology === 'mesh' ? now + patienceMs : never
    if (topology === 'mesh') this.#options.wake(course.meshBy)
    unsettled.clear()
    for (const { id, via } of room.participants()) if (via === undefined) unsettled.add(id)
    this.#options.outbox.send(now, `room:${room.name}`, 'room.topology', { room: room.name, topology })
    if (topology === 'sfu') for (const participant of room.participants()) this.#seat(course, participant)
  }

  /** Once everybody is settled, the way before is needed no longer. */
  #settle(course: Course, now: number): void {
    const { room, seats, unsettled } = course
    if (unsettled.size > 0) return
    course.meshBy = never
    this.#options.outbox.send(now, `room:${room.name}`, 'room.settled', { room: room.name })
    if (room.topology.now === 'sfu') return
    for (const id of seats) this.#options.plane?.unseat(room.name, id)
    seats.clear()
  }

  #seat({ room, seats }: Course, { id, subscribe, tracks }: Participant): void {
    seats.add(id)
    this.#options.plane?.seat(room.name, { id, subscribe, tracks })
  }
}
