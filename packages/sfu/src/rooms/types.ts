import type { Fingerprint } from '@parley/dtls'
import type { MediaBody, NetworkQuality, Speakers, UnservedTrack } from '@parley/protocol'
import type { ToMedia } from '../control.ts'
import type { ServerCandidate } from '../sdp/candidates.ts'
import type { Side } from '../sdp/codecs.ts'

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

/** How well somebody's media get through; each time it changes. */
export interface ParticipantQuality {
  readonly room: string
  readonly participant: string
  readonly quality: NetworkQuality
}

/** Who speaks in a room, and who spoke before; the whole each time it changes. */
export interface RoomSpeakers {
  readonly room: string
  readonly speakers: Speakers
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
  readonly quality?: (quality: ParticipantQuality) => void
  readonly speakers?: (speakers: RoomSpeakers) => void
  /** Media sections of one subscribe connection, at most half of them video; what does not fit is not sent. Default 128. */
  readonly maxSections?: number
  /** A worker that sends so many tracks to people gets no more of them while others have less to do. Default 500. */
  readonly enoughTracks?: number
}

/** What somebody does in a room's media. */
export interface Part {
  readonly publish: boolean
  readonly subscribe: boolean
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
  /** How many participants there are of each quality that was measured. */
  readonly qualities: readonly { readonly quality: NetworkQuality; readonly participants: number }[]
}
