import { lanes } from '@parley/congestion'
import type { SubscribedMedia, Want } from '../control.ts'
import type { RouterCounters } from './counters.ts'
import type { Departures } from './departures.ts'
import { Follower } from './follower.ts'
import type { Publication } from './publication.ts'
import { RtpSink } from './rtp-sink.ts'
import type { SubscriptionStatistics } from './statistics.ts'

export interface SubscriptionOptions {
  readonly id: number
  readonly publication: Publication
  readonly media: SubscribedMedia
  readonly want: Want
  readonly departures: Departures
  readonly counters: RouterCounters
  /** 0 to 1, for first numbers. */
  readonly random: () => number
  /** See `RtpSinkOptions`. */
  readonly onTimeline: (now: number) => void
  /** See `Follower`. */
  readonly onLayers: (now: number) => void
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
    this.follower = new Follower(publication, this.sink, want, options.onLayers)
    this.#rank(want)
  }

  set want(want: Want) {
    this.follower.want = want
    this.#rank(want)
  }

  /** Adds it to those that are counted as they are now. */
  count(counters: RouterCounters): void {
    const { publication, follower } = this
    if (publication.kind === 'audio') return
    if (follower.want.paused) counters.picturesPaused++
    if (follower.demanded < 0) return
    counters.pictures++
    if (follower.isReduced) counters.picturesReduced++
    if (!follower.source) counters.picturesWaiting++
  }

  statistics(): SubscriptionStatistics {
    const { follower, publication } = this
    const { layer, awaited, isReduced } = follower
    const wanted = publication.layers[follower.demanded]
    return {
      subscription: this.id,
      layer: layer && publication.describe(layer),
      wanted: wanted && publication.describe(wanted),
      reduced: isReduced,
      waiting: awaited !== undefined,
    }
  }

  /** The subscriber lost the picture. */
  pictureLost(now: number): void {
    this.follower.pictureLost(this.sink.statistics.roundTripMs, now)
  }

  #rank({ priority }: Want): void {
    if (this.publication.kind === 'audio') this.sink.lane = lanes.audio
    else this.sink.lane = priority === 'high' ? lanes.speaker : lanes.others
  }
}
