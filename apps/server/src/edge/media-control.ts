import type { MediaBody, SubscriptionWishes, Track, UnservedTrack } from '@parley/protocol'
import type { IceTcpCounters, MediaCounters, RoomsCounters, RouterCounters } from '@parley/sfu'
import type { MediaSeat } from '@parley/signaling'

/** What the SFU's rooms are told by the main process. */
export type ToSfu =
  | { readonly is: 'seat'; readonly room: string; readonly seat: MediaSeat }
  | { readonly is: 'unseat'; readonly room: string; readonly id: string }
  | { readonly is: 'receive'; readonly room: string; readonly id: string; readonly body: MediaBody }
  | { readonly is: 'subscribe'; readonly room: string; readonly id: string; readonly wishes: SubscriptionWishes }
  | {
      readonly is: 'ask'
      readonly ask: number
      readonly room: string
      readonly id: string
      readonly request: WhipRequest
    }

/** What a client asks that came by HTTP. */
export type WhipRequest =
  | { readonly is: 'publish'; readonly sdp: string }
  /** `of`: the participant to play; undefined: the first who sends. */
  | { readonly is: 'play'; readonly sdp: string; readonly of: string | undefined }
  /** `mayRestart`: new credentials are to be taken, not only looked at. */
  | { readonly is: 'patch'; readonly fragment: string; readonly mayRestart: boolean }

export type WhipReply =
  | {
      readonly ok: true
      /** The answer, or its fragment; empty: there is nothing to say. */
      readonly sdp: string
      readonly etag: string
      /** What is published. */
      readonly tracks?: readonly Track[]
    }
  | { readonly ok: false; readonly code: string; readonly message: string }

/** What they say to the main process. */
export type FromSfu =
  | { readonly is: 'send'; readonly room: string; readonly id: string; readonly body: MediaBody }
  /** Somebody without signalling has connected, and may have a seat. */
  | { readonly is: 'came'; readonly room: string; readonly id: string }
  /** Their connection has ended, or never came about. `why` is for people. */
  | { readonly is: 'gone'; readonly room: string; readonly id: string; readonly why: string }
  /** Somebody sends more than they may, and the rest is dropped. */
  | { readonly is: 'excess'; readonly room: string; readonly id: string }
  /** What somebody wants and cannot decode; the whole list each time it changes. */
  | { readonly is: 'unserved'; readonly room: string; readonly id: string; readonly tracks: readonly UnservedTrack[] }
  | { readonly is: 'replied'; readonly ask: number; readonly reply: WhipReply }

/** Whether media can be served here. */
export type SfuPlace =
  | { readonly is: 'ready'; readonly ports: readonly number[] }
  /** What this machine lacks, in words. */
  | { readonly is: 'missing'; readonly why: string }

/** What one thread counts of media; plain sums. */
export type MediaThreadCounters = MediaCounters & RouterCounters

export interface SfuCounters {
  readonly rooms: RoomsCounters
  readonly iceTcp: IceTcpCounters
  readonly media: MediaThreadCounters
}
