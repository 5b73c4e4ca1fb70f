import type { MediaBody } from '@parley/protocol'
import type { IceTcpCounters, MediaCounters, RoomsCounters, RouterCounters } from '@parley/sfu'
import type { MediaSeat, SubscriptionWishes } from '@parley/signaling'

/** What the SFU's rooms are told by the main process. */
export type ToSfu =
  | { readonly is: 'seat'; readonly room: string; readonly seat: MediaSeat }
  | { readonly is: 'unseat'; readonly room: string; readonly id: string }
  | { readonly is: 'receive'; readonly room: string; readonly id: string; readonly body: MediaBody }
  | { readonly is: 'subscribe'; readonly room: string; readonly id: string; readonly wishes: SubscriptionWishes }

/** What they say to a client. */
export interface FromSfu {
  readonly room: string
  readonly id: string
  readonly body: MediaBody
}

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
