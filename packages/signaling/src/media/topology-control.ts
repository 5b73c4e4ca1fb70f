import type {
  AnnouncedTrack,
  MediaBody,
  MediaSeat,
  MediaState,
  NetworkQuality,
  Participant,
  Speakers,
  SubscriptionWishes,
  Topology,
} from '@parley/protocol'
import type { Outbox } from '../outbox/outbox.ts'
import type { MediaPlane } from '../ports.ts'
import type { MeetingRoom } from '../rooms/meeting-room.ts'

export interface TopologyControlOptions {
  /** Undefined: there is no SFU, and every room is a mesh. */
  readonly plane: MediaPlane | undefined
  readonly outbox: Outbox
  /** Takes a seat away from somebody whose connection cannot come back. */
  lose(room: string, id: string, now: number): void
  /** Asks for `timeout()` to be called at this time or earlier. */
  wake(at: number): void
}

/** Who depends on a room's topology, and what is about to change it. */
interface TopologyPlan {
  readonly room: MeetingRoom
  /** Participants who have a seat at the SFU, as it knows them. */
  readonly seats: Map<string, MediaSeat>
  /** Participants who may still need the topology that the room had before. */
  readonly unsettled: Set<string>
  /** Topologies that did not work for the people who are in the room now. */
  readonly failed: Set<Topology>
  /** When the room becomes a mesh again, unless somebody joins. */
  meshAt: number
  /** When a new mesh counts as failed, if somebody still needs the SFU then. */
  meshBy: number
}

/** The largest mesh. */
const meshSize = 2
/** How long a room that has become small stays on the SFU, since people often come back. */
const settleMs = 30_000
/** How long a mesh may take to carry everything that the SFU did. */
const patienceMs = 20_000
const never = Number.POSITIVE_INFINITY

/**
 * Decides the topology of each room, and tells the media plane who has a seat at the SFU. A room that grows moves to the SFU
 * at once; one that shrinks moves back after a while. A topology that has failed is not tried again with the same people, and
 * nobody loses their seat at the SFU before everybody can do without it. Pure; `now` is in ms.
 */
export class TopologyControl {
  readonly #options: TopologyControlOptions
  readonly #plans = new Map<string, TopologyPlan>()

  constructor(options: TopologyControlOptions) {
    this.#options = options
  }

  /** Whether there is an SFU that can serve. */
  get available(): boolean {
    return this.#options.plane?.available ?? false
  }

  /** Somebody has joined: they got the topology with their snapshot, and are not told of a change that they cause. */
  entered(room: MeetingRoom, participant: Participant, now: number): void {
    const plan = this.#plans.get(room.name) ?? this.#begin(room)
    if (room.topology.now === 'sfu') this.#seat(plan, participant)
    this.#meetAnew(plan, now)
    plan.unsettled.delete(participant.id) // A newcomer has nothing to move.
  }

  changed(room: MeetingRoom, participant: Participant): void {
    const plan = this.#plans.get(room.name)
    if (plan?.seats.has(participant.id)) this.#seat(plan, participant)
  }

  left(room: MeetingRoom, id: string, now: number): void {
    const plan = this.#plans.get(room.name)
    if (!plan) return
    if (plan.seats.delete(id)) this.#options.plane?.unseat(room.name, id)
    if (room.size === 0) {
      this.#plans.delete(room.name)
      return
    }
    this.#meetAnew(plan, now)
    if (plan.unsettled.delete(id)) this.#settle(plan, now)
  }

  /** A participant says how the topology works for them. A report about another topology comes too late, and is ignored. */
  report(room: string, id: string, topology: Topology, state: MediaState, now: number): void {
    const plan = this.#plans.get(room)
    if (plan?.room.topology.now !== topology) return
    if (state === 'failed') this.#fail(plan, topology, now)
    else if (plan.unsettled.delete(id)) this.#settle(plan, now)
    else if (plan.unsettled.size === 0) this.#options.outbox.send(now, `session:${id}`, 'room.settled', { room })
  }

  /** False: this room's media does not go through the SFU. */
  receive(room: string, id: string, body: MediaBody): boolean {
    if (!this.#plans.get(room)?.seats.has(id)) return false
    this.#options.plane?.receive(room, id, body)
    return true
  }

  /** False: this room's media does not go through the SFU. */
  subscribe(room: string, id: string, wishes: SubscriptionWishes): boolean {
    if (!this.#plans.get(room)?.seats.has(id)) return false
    this.#options.plane?.subscribe(room, id, wishes)
    return true
  }

  /** The SFU says how well somebody's media get through. */
  quality(name: string, participant: string, quality: NetworkQuality, now: number): void {
    const { room, seats } = this.#plans.get(name) ?? {}
    if (room?.topology.now !== 'sfu' || !seats?.has(participant)) return
    room.qualities.set(participant, quality)
    this.#options.outbox.send(now, `room:${name}`, 'room.quality', { room: name, participant, ...quality })
  }

  /** The SFU says who speaks in a room. */
  speakers(name: string, { recent, speaking }: Speakers, now: number): void {
    const { room, seats } = this.#plans.get(name) ?? {}
    if (room?.topology.now !== 'sfu') return
    // Who has left meanwhile is told of no more.
    const speakers = { recent: recent.filter(id => seats?.has(id)), speaking: speaking.filter(id => seats?.has(id)) }
    room.speakers = speakers
    this.#options.outbox.send(now, `room:${name}`, 'room.speakers', { room: name, ...speakers })
  }

  /** The SFU has restarted and forgotten everything: everybody is seated again, and told. */
  lost(now: number): void {
    for (const plan of [...this.#plans.values()]) {
      const { room, seats } = plan
      if (seats.size === 0) continue
      room.speakers = undefined
      room.qualities.clear()
      for (const { id, via } of room.participants()) if (via) this.#options.lose(room.name, id, now)
      const seated = room.participants().filter(({ id }) => seats.has(id))
      seats.clear()
      for (const participant of seated) this.#seat(plan, participant)
      this.#options.outbox.send(now, `room:${room.name}`, 'media.lost', { room: room.name })
    }
  }

  /** Does what is due at `now`; returns when to call again. */
  timeout(now: number): number {
    let next = never
    for (const plan of this.#plans.values()) {
      if (plan.meshAt <= now) this.#change(plan, 'mesh', now)
      if (plan.meshBy <= now) this.#fail(plan, 'mesh', now)
      next = Math.min(next, plan.meshAt, plan.meshBy)
    }
    return next
  }

  #begin(room: MeetingRoom): TopologyPlan {
    const choices = this.#choices(room)
    if (!choices.includes(room.topology.now)) room.topology = { ...room.topology, now: choices[0] }
    const plan: TopologyPlan = {
      room,
      seats: new Map(),
      unsettled: new Set(),
      failed: new Set(),
      meshAt: never,
      meshBy: never,
    }
    this.#plans.set(room.name, plan)
    return plan
  }

  /** The people have changed: what failed before may work now. */
  #meetAnew(plan: TopologyPlan, now: number): void {
    plan.failed.clear()
    if (plan.meshBy !== never) plan.meshBy = now + patienceMs
    this.#steer(plan, now)
  }

  #fail(plan: TopologyPlan, topology: Topology, now: number): void {
    plan.failed.add(topology)
    plan.meshBy = never
    this.#steer(plan, now)
  }

  #steer(plan: TopologyPlan, now: number): void {
    const choices = this.#choices(plan.room)
    const wanted = choices.find(choice => !plan.failed.has(choice)) ?? choices[0]
    if (wanted === plan.room.topology.now) plan.meshAt = never
    else if (wanted === 'sfu') this.#change(plan, 'sfu', now)
    else if (plan.meshAt === never) {
      plan.meshAt = now + settleMs
      this.#options.wake(plan.meshAt)
    }
  }

  /** The topologies that a room may have, the best first. */
  #choices(room: MeetingRoom): readonly [Topology, ...Topology[]] {
    const { wish } = room.topology
    if (!this.available || wish === 'mesh') return ['mesh']
    const isMeshable = room.size <= meshSize && room.participants().every(({ via }) => via === undefined)
    return wish === 'auto' && isMeshable ? ['mesh', 'sfu'] : ['sfu']
  }

  #change(plan: TopologyPlan, topology: Topology, now: number): void {
    const { room, unsettled } = plan
    room.topology = { ...room.topology, now: topology }
    room.speakers = undefined
    room.qualities.clear()
    plan.meshAt = never
    plan.meshBy = topology === 'mesh' ? now + patienceMs : never
    if (topology === 'mesh') this.#options.wake(plan.meshBy)
    unsettled.clear()
    for (const { id, via } of room.participants()) if (via === undefined) unsettled.add(id)
    this.#options.outbox.send(now, `room:${room.name}`, 'room.topology', { room: room.name, topology })
    if (topology === 'sfu') for (const participant of room.participants()) this.#seat(plan, participant)
  }

  /** Once everybody is settled, the topology before is no longer needed. */
  #settle(plan: TopologyPlan, now: number): void {
    const { room, seats, unsettled } = plan
    if (unsettled.size > 0) return
    plan.meshBy = never
    this.#options.outbox.send(now, `room:${room.name}`, 'room.settled', { room: room.name })
    if (room.topology.now === 'sfu') return
    for (const id of seats.keys()) this.#options.plane?.unseat(room.name, id)
    seats.clear()
  }

  /** Tells the SFU only what is new to it: not every mute, raised hand or change of name. */
  #seat({ room, seats }: TopologyPlan, { id, subscribe, tracks }: Participant): void {
    const known = seats.get(id)
    if (known?.subscribe === subscribe && sameTracks(known.tracks, tracks)) return
    const seat = { id, subscribe, tracks: tracks.map(({ muted: _, ...track }) => track) }
    seats.set(id, seat)
    this.#options.plane?.seat(room.name, seat)
  }
}

function sameTracks(known: readonly AnnouncedTrack[], tracks: readonly AnnouncedTrack[]): boolean {
  return (
    known.length === tracks.length &&
    known.every(({ id, source, encrypted }, index) => {
      const track = tracks[index]
      return id === track?.id && source === track.source && encrypted === track.encrypted
    })
  )
}
