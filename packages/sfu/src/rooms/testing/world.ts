import type { AnnouncedTrack, MediaBody, MediaSignal, TrackSource } from '@parley/protocol'
import type { ToMedia } from '../../control.ts'
import { SfuRooms } from '../sfu-rooms.ts'
import type { ConnectionLost, Part, ParticipantQuality, RoomSpeakers, RoomsEvent, Unserved, Who } from '../types.ts'
import { ModelClient, type Sending } from './client.ts'

const everything: Part = { publish: true, subscribe: true }

/** Bytes that repeat from run to run. */
export function seeded(seed = 1): (bytes: number) => Uint8Array {
  let state = seed
  return bytes =>
    Uint8Array.from({ length: bytes }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state >>> 24
    })
}

export class Person {
  readonly name: string
  readonly publishing = new ModelClient()
  receiving = new ModelClient()
  readonly tracks: AnnouncedTrack[] = []
  /** Offers that wait to be answered. */
  readonly inbox: MediaBody[] = []
  readonly heard: MediaBody[] = []
  readonly #world: World
  #seq = 0
  #connection = 'p0'

  constructor(world: World, name: string) {
    this.#world = world
    this.name = name
  }

  get rooms(): SfuRooms {
    return this.#world.rooms
  }

  say(side: MediaBody['side'], connection: string, signal: MediaSignal): void {
    this.rooms.receive('room', this.name, { side, connection, seq: this.#seq++, signal })
  }

  /** Offers what is published now. */
  offer(): void {
    const sdp = this.publishing.offer()
    this.say('publish', this.#connection, { kind: 'description', description: { type: 'offer', sdp } })
  }

  /** Publishes one more track, and announces it. */
  publish(sending: Omit<Sending, 'track'> & { track?: string }, source?: TrackSource): string {
    const track = sending.track ?? `${this.name}-${sending.kind}-${this.tracks.length}`
    const mid = this.publishing.add({ ...sending, track })
    this.offer()
    this.announce(track, source ?? (sending.kind === 'audio' ? 'microphone' : 'camera'))
    return mid
  }

  announce(id: string, source: TrackSource, encrypted?: true): void {
    this.tracks.push({ id, source, ...(encrypted && { encrypted }) })
    this.rooms.setTracks('room', this.name, [...this.tracks])
  }

  /** Answers the offer that waits longest. */
  answer(accept?: Parameters<ModelClient['answer']>[1]): boolean {
    const body = this.inbox.shift()
    if (body?.signal.kind !== 'description') return false
    const sdp = this.receiving.answer(body.signal.description.sdp, accept)
    const description = { type: 'answer', sdp } as const
    this.say('subscribe', body.connection, { kind: 'description', description, answers: body.seq })
    return true
  }

  hear(body: MediaBody): void {
    this.heard.push(body)
    if (body.side === 'subscribe' && body.signal.kind === 'close') this.inbox.length = 0
    if (body.side === 'subscribe' && body.signal.kind === 'description') this.inbox.push(body)
  }
}

/** Rooms on one worker (or more) that remembers what it was told, and people in the room called `room`. */
export class World {
  readonly told: ToMedia[] = []
  readonly byWorker: ToMedia[][]
  readonly events: RoomsEvent[] = []
  readonly lost: ConnectionLost[] = []
  readonly came: Who[] = []
  readonly unserved: Unserved[] = []
  readonly qualities: ParticipantQuality[] = []
  readonly speakers: RoomSpeakers[] = []
  readonly people = new Map<string, Person>()
  readonly rooms: SfuRooms

  constructor({ workers = 1, maxSections = 128, enoughTracks = 500, seed = 1 } = {}) {
    this.byWorker = Array.from({ length: workers }, () => [])
    this.rooms = new SfuRooms({
      workers: this.byWorker.map(mine => ({
        send: message => {
          this.told.push(message)
          mine.push(message)
        },
        candidates: [{ ip: '192.0.2.1', port: 3478, protocol: 'udp', type: 'host' }],
      })),
      fingerprint: { algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') },
      random: seeded(seed),
      maxSections,
      enoughTracks,
      emit: event => {
        this.events.push(event)
        this.people.get(event.participant)?.hear(event.body)
      },
      came: who => this.came.push(who),
      unserved: told => this.unserved.push(told),
      quality: told => this.qualities.push(told),
      speakers: told => this.speakers.push(told),
      lost: connection => this.lost.push(connection),
    })
  }

  join(name: string, part = everything): Person {
    const person = new Person(this, name)
    this.people.set(name, person)
    this.rooms.join('room', name, part)
    return person
  }

  leave(name: string): void {
    this.people.delete(name)
    this.rooms.leave('room', name)
  }

  of<K extends ToMedia['is']>(is: K): Extract<ToMedia, { is: K }>[] {
    return this.told.filter((message): message is Extract<ToMedia, { is: K }> => message.is === is)
  }

  /** Everybody answers until nothing is open. */
  settle(): void {
    const answered = [...this.people.values()].filter(person => person.answer())
    if (answered.length > 0) this.settle()
  }
}

/** The description in a message. */
export function sdpOf(body: MediaBody | undefined): string {
  if (body?.signal.kind !== 'description') throw new TypeError('That is not a description.')
  return body.signal.description.sdp
}

/** A room with Ann and Bob. */
export function two() {
  const world = new World()
  const ann = world.join('ann')
  const bob = world.join('bob')
  return { world, ann, bob }
}
