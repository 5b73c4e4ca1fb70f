import type { AnnouncedTrack, MediaBody, NetworkQuality, SubscriptionWishes, TrackSource } from '@parley/protocol'
import type { FromMedia, IceCredentials, ToMedia, TransportState } from '../control.ts'
import type { TransportStatistics } from '../router/statistics.ts'
import { describeCandidates, type ServerCandidate } from '../sdp/candidates.ts'
import { describeCodec, type Side } from '../sdp/codecs.ts'
import { NegotiationError } from '../sdp/negotiation-error.ts'
import { Player } from '../whip/player.ts'
import { inspectRoom, type RoomInspection } from './inspection.ts'
import type { LocalTransport } from './local-transport.ts'
import type { NegotiatedTrack } from './negotiated-track.ts'
import { enoughTracks, leastLoaded, loadsOf, place } from './placement.ts'
import { Seat } from './seat.ts'
import { Secrets } from './secrets.ts'
import { SfuRoom } from './sfu-room.ts'
import type { Part, RoomsCounters, SfuRoomsOptions } from './types.ts'
import { Workers } from './workers.ts'

const defaultMaxSections = 128

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

interface OpenTransport {
  readonly room: SfuRoom
  readonly seat: string
  readonly side: Side
}

/**
 * Negotiates for rooms of any size: clients offer what they send, and answer what we offer them; workers are told what to forward.
 * Pure: descriptions and messages go in, descriptions and messages come out. A participant lives on one worker; a room does too,
 * until that has enough to do. Every call may be repeated.
 */
export class SfuRooms {
  readonly #options: SfuRoomsOptions
  readonly #secrets: Secrets
  readonly #workers: Workers
  readonly #locals: readonly Mutable<LocalTransport>[]
  readonly #rooms = new Map<string, SfuRoom>()
  /** By the number of their voices. */
  readonly #byGroup = new Map<number, SfuRoom>()
  readonly #transports = new Map<number, OpenTransport>()
  /** The room of each publication, by its number. */
  readonly #publishedIn = new Map<number, SfuRoom>()
  #numbers = 0
  #negotiations = 0
  #refused = 0
  readonly #reports: { readonly [Is in FromMedia['is']]: (row: Extract<FromMedia, { is: Is }>) => void } = {
    publication: ({ publication, active, codec }) =>
      this.#publishedIn.get(publication)?.arrives(publication, active ? codec : undefined),
    demand: ({ publication, layers }) => this.#publishedIn.get(publication)?.demand(publication, layers),
    speakers: row => {
      const room = this.#byGroup.get(row.group)
      if (room) this.#options.speakers?.({ room: room.name, speakers: room.speakers(row) })
    },
    excess: ({ transport }) =>
      this.#about(transport, (room, seat) => this.#options.excess?.({ room: room.name, participant: seat.id })),
    quality: ({ transport, quality }) =>
      this.#about(transport, (room, seat, side) => this.#judge(room, seat, side, quality)),
    transport: ({ transport, state, why }) =>
      this.#about(transport, (room, seat, side) => this.#changed(room, seat, side, state, why)),
  }

  constructor(options: SfuRoomsOptions) {
    this.#options = options
    this.#secrets = new Secrets(options.random)
    this.#workers = new Workers(options.workers, () => ++this.#numbers)
    this.#locals = options.workers.map(({ candidates }) => ({
      fingerprint: options.fingerprint,
      candidates: describeCandidates(candidates),
    }))
  }

  /** Sets where a worker can be reached. Those who are connected learn of it when they negotiate again. */
  setCandidates(worker: number, candidates: readonly ServerCandidate[]): void {
    const local = this.#locals[worker]
    if (local) local.candidates = describeCandidates(candidates)
  }

  /** Adds a participant, and with the first one the room. Called again, it changes what the participant may do. */
  join(name: string, participant: string, part: Part): void {
    const room = this.#rooms.get(name) ?? this.#make(name)
    const seat = room.seats.get(participant) ?? this.#sit(room, participant, part)
    seat.part = part
    if (!part.publish) seat.publishing.lose()
    if (!part.subscribe) seat.receiver.want([])
    room.updateFor(seat)
    this.#agree(room)
  }

  leave(name: string, participant: string): void {
    const room = this.#rooms.get(name)
    const seat = room?.seats.get(participant)
    if (!room || !seat) return
    room.leave(seat)
    if (room.seats.size > 0) this.#agree(room)
    else {
      this.#rooms.delete(name)
      this.#byGroup.delete(room.group)
    }
  }

  /** What a participant has announced; what is announced and negotiated goes to the others. */
  setTracks(name: string, participant: string, tracks: readonly AnnouncedTrack[]): void {
    const room = this.#rooms.get(name)
    const seat = room?.seats.get(participant)
    if (!room || !seat) return
    if (!seat.announce(tracks)) return
    room.update()
    this.#agree(room)
  }

  subscribeTo(name: string, participant: string, wishes: SubscriptionWishes): void {
    const room = this.#rooms.get(name)
    const seat = room?.seats.get(participant)
    if (!room || !seat) return
    seat.wishes.update(wishes, other => room.seats.has(other))
    room.updateFor(seat)
    this.#tellUnserved(room)
  }

  /**
   * What a client says of one of its two connections; answers and offers for it leave by `emit` before this returns.
   * @throws {NegotiationError} Tell the client; nothing else has changed.
   */
  receive(name: string, participant: string, body: MediaBody): void {
    const { room, seat } = this.#seated(name, participant)
    if (!seat.part[body.side]) throw new NegotiationError('not-allowed', `This participant may not ${body.side}.`)
    const { abilities } = seat.subscribing
    const { lessons } = abilities
    this.#count(() => (body.side === 'publish' ? seat.publishing : seat.subscribing).receive(body), body)
    if (body.signal.kind !== 'description') return
    if (body.side === 'publish' || abilities.lessons !== lessons) this.#agree(room)
    else this.#tellUnserved(room)
  }

  has(name: string, participant: string): boolean {
    return this.#rooms.get(name)?.seats.has(participant) ?? false
  }

  /**
   * Answers somebody who publishes without signalling. Nobody is sent anything of theirs before it is announced with
   * {@link setTracks}, which is for when they have come.
   * @returns Also what to announce: the first picture as their camera, the first sound as their microphone, what is more
   *   as a screen.
   * @throws {NegotiationError}
   */
  answerPublisher(name: string, participant: string, offer: string): { sdp: string; tracks: AnnouncedTrack[] } {
    const { seat } = this.#seated(name, participant)
    const sdp = seat.publishing.answer('whip', offer, { whole: true })
    const { publications } = seat.publishing
    const tracks = announceSections(publications)
    if (tracks.length < publications.length) {
      throw new NegotiationError('not-usable', 'The offer has more than two pictures or two sounds.')
    }
    if (tracks.length === 0) throw new NegotiationError('not-usable', 'The offer sends nothing that can be forwarded.')
    return { sdp, tracks }
  }

  /**
   * Answers somebody who plays without signalling.
   * @throws {NegotiationError}
   */
  answerPlayer(name: string, participant: string, offer: string, of?: string): string {
    const { room, seat } = this.#seated(name, participant)
    const player = new Player(seat.context, of)
    const sdp = player.answer(offer)
    seat.receiver.close()
    seat.player = player
    room.updateFor(seat)
    const [unserved] = player.unserved.filter(
      publication => !room.seats.get(publication.participant)?.publishing.couldServe(publication, player),
    )
    if (unserved) {
      const sent = unserved.media.codecs.map(describeCodec).join(', ')
      throw new NegotiationError(
        'no-codec',
        `The ${unserved.media.kind} that is sent is ${sent}, which the offer does not list.`,
      )
    }
    this.#agree(room)
    return sdp
  }

  /**
   * New ICE credentials of somebody without signalling.
   * @returns Our answer as it is now; undefined: they are not new.
   * @throws {NegotiationError} `not-found`; `unconditional`: they are new, and may not be.
   */
  restartIce(name: string, participant: string, ice: IceCredentials, mayBeNew: boolean): string | undefined {
    const { seat } = this.#seated(name, participant)
    return (seat.player ?? seat.publishing).restart(ice, mayBeNew)
  }

  /** Takes what a worker reports. */
  handle(_worker: number, message: FromMedia): void {
    this.#reports[message.is](message as never)
  }

  counters(): RoomsCounters {
    const seats = [...this.#rooms.values()].flatMap(room => [...room.seats.values()])
    const sum = (count: (seat: Seat) => number) => seats.reduce((total, seat) => total + count(seat), 0)
    return {
      rooms: this.#rooms.size,
      participants: seats.length,
      connections: this.#transports.size,
      publications: sum(({ publishing }) => publishing.publications.length),
      subscriptions: sum(({ receiver }) => receiver.receiving.length),
      negotiations: this.#negotiations,
      refused: this.#refused,
      qualities: countQualities(seats),
      unserved: [...this.#rooms.values()].reduce(
        (total, room) => [...room.seats.values()].reduce((sum, seat) => sum + room.unserved(seat).length, total),
        0,
      ),
    }
  }

  /** Does this for the connection of a transport, if there still is one. */
  #about(transport: number, act: (room: SfuRoom, seat: Seat, side: Side) => void): void {
    const { room, seat: id, side } = this.#transports.get(transport) ?? {}
    const seat = id === undefined ? undefined : room?.seats.get(id)
    if (room && seat && side) act(room, seat, side)
  }

  #changed(room: SfuRoom, seat: Seat, side: Side, state: TransportState, why: string | undefined): void {
    if (state === 'connected') {
      seat.came = true
      if (seat.cameByHttp) this.#options.came?.({ room: room.name, participant: seat.id })
      this.#agree(room)
      return
    }
    // Those with signalling restart ICE through it; those who came by HTTP and were silent for so long are gone.
    if (state === 'disconnected' && !seat.cameByHttp) return
    this.#lose(room, seat, side, why)
  }

  /** Undefined: the connection is closed. */
  #judge(room: SfuRoom, seat: Seat, side: Side, quality: NetworkQuality | undefined): void {
    const before = seat.quality
    seat.judge(side, quality)
    const now = seat.quality
    if (now && now !== before) this.#options.quality?.({ room: room.name, participant: seat.id, quality: now })
  }

  /** After whatever may have changed what is sent, who receives it, or what is known of them. */
  #agree(room: SfuRoom): void {
    room.reconsider()
    this.#tellUnserved(room)
  }

  #tellUnserved(room: SfuRoom): void {
    for (const seat of room.seats.values()) {
      const tracks = room.unserved(seat)
      const told = JSON.stringify(tracks)
      if (told === seat.toldUnserved) continue
      seat.toldUnserved = told
      this.#options.unserved?.({ room: room.name, participant: seat.id, tracks })
      if (!seat.cameByHttp) seat.subscribing.tellUnserved(tracks)
    }
  }

  #seated(name: string, participant: string): { room: SfuRoom; seat: Seat } {
    const room = this.#rooms.get(name)
    const seat = room?.seats.get(participant)
    if (!room || !seat) throw new NegotiationError('not-found', 'There is no such participant.')
    return { room, seat }
  }

  /** The transports of a room, to ask workers what they have measured of them. */
  transports(name: string): number[] {
    const room = this.#rooms.get(name)
    return [...this.#transports].flatMap(([transport, open]) => (open.room === room ? transport : []))
  }

  /**
   * What the media of a room look like; undefined if there is no such room.
   * @param measured What workers tell of its {@link transports}.
   */
  inspect(name: string, measured: readonly TransportStatistics[] = []): RoomInspection | undefined {
    const room = this.#rooms.get(name)
    if (!room) return undefined
    const bySeat = new Map<string, { [S in Side]?: number }>()
    for (const [transport, { room: where, seat, side }] of this.#transports) {
      if (where === room) bySeat.set(seat, { ...bySeat.get(seat), [side]: transport })
    }
    return inspectRoom(room, bySeat, measured)
  }

  #make(name: string): SfuRoom {
    const worker = leastLoaded(this.#loads())
    const room = new SfuRoom(name, worker, ++this.#numbers, message => this.#workers.send(worker, message))
    this.#rooms.set(name, room)
    this.#byGroup.set(room.group, room)
    return room
  }

  #sit(room: SfuRoom, participant: string, part: Part): Seat {
    const worker = place(room, this.#loads(), this.#options.enoughTracks ?? enoughTracks)
    const local = this.#locals[worker]
    if (!local) throw new RangeError('The SFU has no workers.')
    const context = {
      participant,
      worker,
      local,
      secrets: this.#secrets,
      maxSections: this.#options.maxSections ?? defaultMaxSections,
      nextNumber: () => ++this.#numbers,
      send: (message: ToMedia) => this.#send(room, worker, message),
      say: (body: MediaBody) => this.#options.emit({ room: room.name, participant, body }),
      opened: (transport: number, side: Side) => this.#transports.set(transport, { room, seat: participant, side }),
      closed: (transport: number) => {
        this.#about(transport, (_, seat, side) => this.#judge(room, seat, side, undefined))
        this.#transports.delete(transport)
      },
    }
    const seat = new Seat(context, part, {
      changed: () => room.update(),
      receivers: () => room.receiversOf(participant),
      republished: publication => room.republished(publication),
    })
    room.seats.set(participant, seat)
    return seat
  }

  #lose(room: SfuRoom, seat: Seat, side: Side, why: string | undefined): void {
    const lost = side === 'publish' ? seat.publishing : seat.receiver
    const { connection } = lost
    lost.lose()
    if (connection !== undefined) {
      this.#options.lost?.({ room: room.name, participant: seat.id, side, connection, why })
    }
  }

  #count(negotiate: () => void, { signal }: MediaBody): void {
    if (signal.kind === 'description') this.#negotiations++
    try {
      negotiate()
    } catch (error) {
      this.#refused++
      throw error
    }
  }

  #loads(): number[] {
    return loadsOf(this.#workers.count, this.#rooms.values())
  }

  #send(room: SfuRoom, worker: number, message: ToMedia): void {
    if (message.is === 'publish') this.#publishedIn.set(message.publication, room)
    if (message.is === 'unpublish') {
      this.#publishedIn.delete(message.publication)
      room.arriving.delete(message.publication)
    }
    this.#workers.send(worker, message)
  }
}

function countQualities(seats: readonly Seat[]): RoomsCounters['qualities'] {
  const counted = new Map<string, { readonly quality: NetworkQuality; participants: number }>()
  for (const { quality } of seats) {
    if (!quality) continue
    const key = `${quality.score} ${quality.reason}`
    const known = counted.get(key)
    if (known) known.participants++
    else counted.set(key, { quality, participants: 1 })
  }
  return [...counted.values()]
}

/** What to announce for somebody who has no signalling to announce it. */
function announceSections(publications: readonly NegotiatedTrack[]): AnnouncedTrack[] {
  const sources: Record<'audio' | 'video', TrackSource[]> = {
    audio: ['microphone', 'screen-audio'],
    video: ['camera', 'screen'],
  }
  return publications.flatMap(({ track, media }) => {
    const source = sources[media.kind].shift()
    return source === undefined ? [] : { id: track, source }
  })
}
