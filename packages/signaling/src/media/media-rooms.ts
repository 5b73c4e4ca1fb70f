import type { MediaBody, Participant, SubscriptionWish, Topology } from '@parley/protocol'
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
  /** Its people have seats at the SFU. */
  seated: boolean
  /** When it becomes a mesh again, if nobody comes. */
  meshAt: number
  /** When the seats at the SFU are given up, everybody being on the mesh by then. */
  releaseAt: number
}

/** More people than this are too many for a mesh. */
const meshSize = 2
/** A room that became small stays with the SFU for so long: people come back. */
const settleMs = 30_000
/** How long both ways are open after the change to a mesh. */
const overlapMs = 30_000
const never = Number.POSITIVE_INFINITY

/**
 * Decides which way each room's media takes, and tells the media plane who sits there. A room that grows goes to the SFU
 * at once; one that shrinks goes back after a while. Pure; `now` is in ms.
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
    const course = this.#courses.get(room.name) ?? { room, seated: false, meshAt: never, releaseAt: never }
    this.#courses.set(room.name, course)
    if (room.topology.now === 'sfu') this.#seat(room, participant)
    this.#steer(course, now)
  }

  changed(room: Room, participant: Participant): void {
    if (this.#courses.get(room.name)?.seated) this.#seat(room, participant)
  }

  left(room: Room, id: string, now: number): void {
    const course = this.#courses.get(room.name)
    if (!course) return
    if (course.seated) this.#options.plane?.unseat(room.name, id)
    if (room.size === 0) this.#courses.delete(room.name)
    else this.#steer(course, now)
  }

  /** False: this room's media does not go through the SFU. */
  receive(room: string, id: string, body: MediaBody): boolean {
    if (!this.#courses.get(room)?.seated) return false
    this.#options.plane?.receive(room, id, body)
    return true
  }

  /** False: this room's media does not go through the SFU. */
  subscribe(room: string, id: string, auto: boolean | undefined, tracks: readonly SubscriptionWish[]): boolean {
    if (!this.#courses.get(room)?.seated) return false
    this.#options.plane?.subscribe(room, id, { auto, tracks })
    return true
  }

  /** The SFU knows nothing any more: everybody takes a seat again, and is told. */
  lost(now: number): void {
    for (const { room, seated } of [...this.#courses.values()]) {
      if (!seated) continue
      for (const { id, via } of room.participants()) if (via) this.#options.lose(room.name, id, now)
      for (const participant of room.participants()) this.#seat(room, participant)
      this.#options.outbox.send(now, `room:${room.name}`, 'media.lost', { room: room.name })
    }
  }

  /** Lets time do what it does; returns when it is wanted again. */
  timeout(now: number): number {
    let next = never
    for (const course of this.#courses.values()) {
      if (course.meshAt <= now) this.#change(course, 'mesh', now)
      if (course.releaseAt <= now) this.#release(course)
      next = Math.min(next, course.meshAt, course.releaseAt)
    }
    return next
  }

  #steer(course: Course, now: number): void {
    const { room } = course
    const wanted = this.#wanted(room)
    if (wanted === room.topology.now) course.meshAt = never
    else if (wanted === 'sfu') this.#change(course, 'sfu', now)
    else if (course.meshAt === never) {
      course.meshAt = now + settleMs
      this.#options.wake(course.meshAt)
    }
  }

  #wanted(room: Room): Topology {
    if (!this.#options.plane?.available || room.topology.wish === 'mesh') return 'mesh'
    if (room.topology.wish === 'sfu' || room.size > meshSize) return 'sfu'
    return room.participants().some(({ via }) => via !== undefined) ? 'sfu' : 'mesh'
  }

  #change(course: Course, topology: Topology, now: number): void {
    const { room } = course
    room.topology = { ...room.topology, now: topology }
    course.meshAt = never
    course.releaseAt = topology === 'mesh' ? now + overlapMs : never
    if (topology === 'mesh') this.#options.wake(course.releaseAt)
    this.#options.outbox.send(now, `room:${room.name}`, 'room.topology', { room: room.name, topology })
    if (topology === 'mesh') return
    // Some have closed their connections by now, others not: all begin anew.
    if (course.seated) {
      this.#release(course)
      this.#options.outbox.send(now, `room:${room.name}`, 'media.lost', { room: room.name })
    }
    course.seated = true
    for (const participant of room.participants()) this.#seat(room, participant)
  }

  #release(course: Course): void {
    course.releaseAt = never
    course.seated = false
    for (const { id } of course.room.participants()) this.#options.plane?.unseat(course.room.name, id)
  }

  /** Who came by HTTP took a seat there when they negotiated. */
  #seat(room: Room, { id, subscribe, tracks, via }: Participant): void {
    if (via === undefined) this.#options.plane?.seat(room.name, { id, subscribe, tracks })
  }
}
