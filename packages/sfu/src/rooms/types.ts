import type { Fingerprint, ToMedia } from '../control.ts'
import type { ServerCandidate } from '../sdp/candidates.ts'
import type { Side } from '../sdp/codecs.ts'

/** A track as its publisher announced it; `id`: that of its MediaStream (`msid`, RFC 8830). */
export interface AnnouncedTrack {
  readonly id: string
  readonly source: string
  readonly muted: boolean
}

/** Which track a section of a subscribe offer carries. */
export interface CarriedTrack {
  mid: string
  participant: string
  track: string
}

/** A track that somebody cannot decode, and the codecs in which it is sent. */
export interface UnservedTrack {
  participant: string
  track: string
  codecs: string[]
}

export type MediaSignal =
  | {
      kind: 'description'
      description: { type: 'offer' | 'answer'; sdp: string }
      /** The `seq` of the offer that it answers. */
      answers?: number | undefined
      tracks?: CarriedTrack[] | undefined
    }
  | {
      kind: 'candidate'
      candidate: {
        candidate: string
        sdpMid?: string | null | undefined
        sdpMLineIndex?: number | null | undefined
        usernameFragment?: string | null | undefined
      } | null
    }
  | { kind: 'restart' }
  /** `publish`, from us: offer again, since with another codec more of the others can decode what is sent. */
  | { kind: 'reoffer' }
  /** `subscribe`, from us: of what the client wants, what it cannot decode; the whole list each time. */
  | { kind: 'unserved'; tracks: UnservedTrack[] }
  | { kind: 'refused'; answers?: number | undefined; reason: string }
  | { kind: 'close' }

/** What passes between a client and the rooms, in the shape of the signalling protocol. */
export interface MediaBody {
  side: Side
  /** Named by whoever offers: a new name, a new connection. */
  connection: string
  /** Counts up within `connection`, at each end for itself. */
  seq: number
  signal: MediaSignal
}

/** For a client. */
export interface RoomsEvent {
  readonly room: string
  readonly participant: string
  readonly body: MediaBody
}

/** Somebody in a room. */
export interface Who {
  readonly room: string
  readonly participant: string
}

/** That somebody cannot decode what they want to receive; the whole list each time it changes, empty when all is well. */
export interface Unserved {
  readonly room: string
  readonly participant: string
  readonly tracks: readonly UnservedTrack[]
}

/** That a connection cannot come back; those of people with signalling are opened again. */
export interface ConnectionLost {
  readonly room: string
  readonly participant: string
  readonly side: Side
  readonly connection: string
  readonly why: string | undefined
}

/** A thread of the media process, and where it is reached. */
export interface MediaWorker {
  send(message: ToMedia): void
  readonly candidates: readonly ServerCandidate[]
}

export interface SfuRoomsOptions {
  readonly workers: readonly MediaWorker[]
  /** Of the certificate that the workers use for DTLS. */
  readonly fingerprint: Fingerprint
  /** So many bytes that nobody can guess. */
  readonly random: (bytes: number) => Uint8Array
  readonly emit: (event: RoomsEvent) => void
  /** Somebody without signalling has connected: until then nobody knows that they will come. */
  readonly came?: (who: Who) => void
  /** Somebody sends more than they may, and the rest is dropped; comes once for each of their connections. */
  readonly excess?: (who: Who) => void
  readonly lost?: (connection: ConnectionLost) => void
  readonly unserved?: (unserved: Unserved) => void
  /** Media sections of one subscribe connection, at most half of them video; what does not fit is not sent. Default 128. */
  readonly maxSections?: number
}

export type SubscriptionState = 'on' | 'paused' | 'off'

export interface SubscriptionWishes {
  /** Whether tracks that no wish names are sent; undefined: as before, and at first they are. */
  readonly auto?: boolean | undefined
  /** What changes. */
  readonly tracks?:
    | readonly {
        readonly participant: string
        readonly track: string
        readonly state: SubscriptionState
      }[]
    | undefined
}

/** What somebody does in a room's media. */
export interface Part {
  readonly publish: boolean
  readonly subscribe: boolean
}

/** What the media of a room look like, for people who look for the cause of something. */
export interface RoomInspection {
  readonly worker: number
  readonly participants: readonly {
    readonly id: string
    /** Negotiated and announced. */
    readonly sends: readonly {
      readonly track: string
      readonly kind: 'audio' | 'video'
      /** Agreed, in order of preference. */
      readonly codecs: readonly string[]
      /** Of what arrives; undefined: nothing does, or it is not known yet. */
      readonly codec: string | undefined
    }[]
    readonly receives: readonly { readonly participant: string; readonly track: string; readonly paused: boolean }[]
  }[]
}

export interface RoomsCounters {
  readonly rooms: number
  readonly participants: number
  readonly connections: number
  readonly publications: number
  readonly subscriptions: number
  /** Since the start. */
  readonly negotiations: number
  /** Tracks that somebody wants and cannot decode, now. */
  readonly unserved: number
  readonly refused: number
}
