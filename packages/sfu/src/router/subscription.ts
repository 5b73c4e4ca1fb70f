import type { SubscribedMedia, Want } from '../control.ts'
import type { RouterCounters } from './counters.ts'
import { Follower } from './follower.ts'
import type { Publication } from './publication.ts'
import { RtpSink } from './rtp-sink.ts'

export interface SubscriptionOptions {
  readonly id: number
  readonly publication: Publication
  readonly media: SubscribedMedia
  readonly want: Want
  readonly counters: RouterCounters
  /** 0 to 1, for first numbers. */
  readonly random: () => number
  /** See `RtpSinkOptions`. */
  readonly onTimeline: (now: number) => void
}

/** A publication on its way to a subscriber: what of it is followed, and how it is sent. */
export class Subscription {
  readonly id: number
  readonly publication: Publication
  readonly sink: RtpSink
  readonly follower: Follower

  constructor({ id, publication, want, ...options }: SubscriptionOptions) {
    this.id = id
    this.publication = publication
    this.sink = new RtpSink({ ...options, layouts: publication.layouts })
    this.follower = new Follower(publication, this.sink, want)
  }

  /** The subscriber lost the picture. */
  pictureLost(now: number): void {
    this.follower.pictureLost(this.sink.roundTripMs, now)
  }
}
