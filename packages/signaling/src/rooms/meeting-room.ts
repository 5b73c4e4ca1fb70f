import {
  AppError,
  type ChatMessage,
  limits,
  type NetworkQuality,
  type Participant,
  type RequestInput,
  type RoomSnapshot,
  type RoomTopology,
  type Speakers,
  type Track,
  type TrackSource,
} from '@parley/protocol'
import { ChatLog, type HoldBytes } from './chat-log.ts'
import { Names } from './names.ts'

/** Somebody who takes a seat. */
export interface Member {
  /** The id of the session, and so of the participant. */
  readonly id: string
  readonly identity: string
  readonly name: string
  readonly metadata: string | undefined
  readonly subscribe: boolean
  readonly via?: Participant['via']
  /** The address that they come from. */
  readonly source: string
}

/** What is fixed when a room is made. */
export interface RoomSettings {
  readonly capacity: number
  readonly wish: RoomTopology['wish']
  /** The topology to begin with, if the room may have it. */
  readonly now?: RoomTopology['now']
}

export type Changes = Omit<RequestInput<'participant.update'>, 'room'>

/** Characters of metadata in one room, all participants together; whoever joins is sent all of it. */
const maxMetadata = 1024 * 1024

/** One room: its seats, names and chat. Pure. Participants are immutable: a change makes a new object. `now` in ms. */
export class MeetingRoom {
  readonly name: string
  readonly capacity: number
  readonly createdAt: number
  topology: RoomTopology
  /** As the SFU measured them last, by participant. */
  readonly qualities = new Map<string, NetworkQuality>()
  /** As the SFU said last; undefined: it has not heard anybody. */
  speakers: Speakers | undefined
  readonly #seats = new Map<string, Participant>()
  /** The identities of everybody who has ever had a seat, the latest last. */
  readonly #visitors = new Set<string>()
  readonly #names = new Names()
  /** By seat: for each source that a host has muted, the number of that mute among all mutes of the seat. */
  readonly #muted = new Map<string, Map<TrackSource, number>>()
  readonly #chat = new ChatLog()
  #lastJoinedAt = 0
  #metadata = 0

  constructor(name: string, { capacity, wish, now: topology = 'mesh' }: RoomSettings, now: number) {
    this.name = name
    this.capacity = capacity
    this.topology = { wish, now: topology }
    this.createdAt = now
  }

  get size(): number {
    return this.#seats.size
  }

  /** In the order they joined. */
  participants(): Participant[] {
    return [...this.#seats.values()]
  }

  /** The identities of everybody who has or had a seat. */
  visitors(): string[] {
    return [...this.#visitors]
  }

  find(id: string): Participant | undefined {
    return this.#seats.get(id)
  }

  /** Throws AppError `room-full`. */
  requireSeat(): void {
    if (this.#seats.size >= this.capacity) {
      throw new AppError('room-full', `The room is full: it has ${this.capacity} seats.`)
    }
  }

  /** Throws AppError `room-full`, `too-large`. */
  enter(member: Member, now: number): Participant {
    this.requireSeat()
    const { id, identity, metadata, subscribe, via } = member
    this.#countMetadata(undefined, metadata)
    const name = this.#names.claim(identity, member.name)
    // Never the same twice, since these times give the order in which people came.
    const joinedAt = Math.max(now, this.#lastJoinedAt + 1)
    this.#lastJoinedAt = joinedAt
    const participant = { id, identity, name, ...defined({ metadata, via }), tracks: [], subscribe, joinedAt }
    this.#seats.set(id, participant)
    this.#visitors.delete(identity)
    this.#visitors.add(identity)
    for (const oldest of this.#visitors) if (this.#visitors.size > limits.roomCapacityMax) this.#visitors.delete(oldest)
    return participant
  }

  exit(id: string): Participant | undefined {
    const participant = this.#seats.get(id)
    if (!participant) return undefined
    this.#seats.delete(id)
    this.#muted.delete(id)
    this.qualities.delete(id)
    this.speakers &&= {
      recent: this.speakers.recent.filter(speaker => speaker !== id),
      speaking: this.speakers.speaking.filter(speaker => speaker !== id),
    }
    this.#countMetadata(participant.metadata, undefined)
    this.#names.release(participant.name)
    return participant
  }

  /** The participant after the changes; the same object if they change nothing. Throws AppError `too-large`. */
  update(before: Participant, changes: Changes, now: number): Participant {
    const hand = since(before.hand, changes.hand, now)
    const recording = since(before.recording, changes.recording, now)
    const { hand: _, recording: __, ...rest } = before
    if (changes.metadata !== undefined) this.#countMetadata(before.metadata, changes.metadata)
    const after: Participant = {
      ...rest,
      ...defined({
        hand,
        recording,
        metadata: changes.metadata,
        tracks: changes.tracks?.map(track => this.#asMuted(before.id, track, changes.mutesHeard)),
        name: this.#rename(before, changes.name),
      }),
    }
    if (same(before, after)) return before
    this.#seats.set(before.id, after)
    return after
  }

  /** The participant with that track muted; the same object if there is nothing to mute. */
  mute(before: Participant, source: TrackSource, now: number): Participant {
    const tracks = before.tracks.map(track => (track.source === source ? { ...track, muted: true } : track))
    const after = this.update(before, { tracks }, now)
    if (after !== before) {
      const muted = this.#muted.get(before.id) ?? new Map<TrackSource, number>()
      this.#muted.set(before.id, muted.set(source, Math.max(0, ...muted.values()) + 1))
    }
    return after
  }

  /** A track as its owner announces it, but muted if a host has muted it and the owner had not heard of that yet. */
  #asMuted(id: string, track: Track, heard = Number.POSITIVE_INFINITY): Track {
    return (this.#muted.get(id)?.get(track.source) ?? 0) > heard ? { ...track, muted: true } : track
  }

  /** The message as kept, and whether it is new; undefined if there is no space for it. */
  write(
    from: Participant,
    { id, text }: { readonly id: string; readonly text: string },
    now: number,
    hold?: HoldBytes,
  ): { message: ChatMessage; fresh: boolean } | undefined {
    const kept = this.#chat.find(from.identity, id)
    if (kept) return { message: kept, fresh: false }
    const sender = { id: from.id, identity: from.identity, name: from.name }
    const message = { id, room: this.name, from: sender, text, at: now }
    return this.#chat.add(message, hold) ? { message, fresh: true } : undefined
  }

  /** Roughly how many bytes of chat are kept. */
  get chatBytes(): number {
    return this.#chat.bytes
  }

  /** The room is empty and will not be used again. */
  close(): void {
    this.#chat.close()
  }

  /** @param chat Whether to include the chat. */
  snapshot(self: Participant, chat = true): RoomSnapshot {
    const { name: room, capacity, createdAt, topology, speakers } = this
    const participants = this.participants().filter(other => other.id !== self.id)
    const known = [...this.qualities].map(([participant, quality]) => ({ participant, ...quality }))
    const qualities = known.length > 0 ? known : undefined
    const messages = chat ? this.#chat.recent() : []
    return {
      room,
      capacity,
      createdAt,
      topology,
      self,
      participants,
      chat: messages,
      ...defined({ speakers, qualities }),
    }
  }

  #countMetadata(before: string | undefined, after: string | undefined): void {
    const total = this.#metadata + (after?.length ?? 0) - (before?.length ?? 0)
    if (total > maxMetadata && total > this.#metadata) {
      throw new AppError('too-large', 'The metadata of all who are in the room are too much together.')
    }
    this.#metadata = total
  }

  #rename({ identity, name }: Participant, wanted: string | undefined): string {
    if (wanted === undefined || wanted === name) return name
    this.#names.release(name)
    return this.#names.claim(identity, wanted)
  }
}

/** Since when something is so, after a wish for it: a wish for what is so already changes nothing. */
function since(before: number | undefined, wish: boolean | undefined, now: number): number | undefined {
  if (wish === undefined) return before
  return wish ? (before ?? now) : undefined
}

/** A copy without the properties that are undefined. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

function same(a: Participant, b: Participant): boolean {
  return (
    a.name === b.name &&
    a.metadata === b.metadata &&
    a.hand === b.hand &&
    a.recording === b.recording &&
    a.tracks.length === b.tracks.length &&
    a.tracks.every((track, i) => {
      const other = b.tracks[i]
      return (
        track.id === other?.id &&
        track.source === other.source &&
        track.muted === other.muted &&
        track.encrypted === other.encrypted
      )
    })
  )
}
