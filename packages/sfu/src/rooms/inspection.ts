import type { NetworkQuality, TrackSource } from '@parley/protocol'
import type { Want } from '../control.ts'
import type { PublicationStatistics, SubscriptionStatistics, TransportStatistics } from '../router/statistics.ts'
import type { Side } from '../sdp/codecs.ts'
import type { Seat } from './seat.ts'
import type { SfuRoom } from './sfu-room.ts'

/** A track that somebody sends: negotiated and announced. */
interface SentInspection extends Partial<Pick<PublicationStatistics, 'layers' | 'encodings'>> {
  readonly track: string
  readonly source: TrackSource
  readonly kind: 'audio' | 'video'
  /** Agreed, in order of preference. */
  readonly codecs: readonly string[]
  /** Of what arrives; undefined: nothing does, or it is not known yet. */
  readonly codec: string | undefined
}

/** A track that somebody is sent. */
interface ReceivedInspection extends Partial<Omit<SubscriptionStatistics, 'subscription'>> {
  readonly participant: string
  readonly track: string
  readonly kind: 'audio' | 'video'
  /** What they make of it. */
  readonly want: Want
}

/** What was measured of one of a participant's two connections. */
type ConnectionInspection = Omit<TransportStatistics, 'transport' | 'publications' | 'subscriptions'>

/**
 * What the media of a room look like, for people who look for the cause of something. What no worker has told is absent.
 */
export interface RoomInspection {
  readonly participants: readonly {
    readonly id: string
    /** Where their connections are. */
    readonly worker: number
    readonly quality: NetworkQuality | undefined
    /** By which they send, and by which they receive; absent: there is none. */
    readonly publish: ConnectionInspection | undefined
    readonly subscribe: ConnectionInspection | undefined
    readonly sends: readonly SentInspection[]
    readonly receives: readonly ReceivedInspection[]
  }[]
}

/**
 * @param transports Of each seat that has any.
 * @param measured What workers tell of them.
 */
export function inspectRoom(
  room: SfuRoom,
  transports: ReadonlyMap<string, { readonly [S in Side]?: number }>,
  measured: readonly TransportStatistics[],
): RoomInspection {
  const connections = new Map(measured.map(one => [one.transport, one]))
  const publications = new Map(measured.flatMap(({ publications }) => publications.map(one => [one.publication, one])))
  const subscriptions = new Map(
    measured.flatMap(({ subscriptions }) => subscriptions.map(one => [one.subscription, one])),
  )
  const participant = (seat: Seat) => {
    const { publish, subscribe } = transports.get(seat.id) ?? {}
    const connection = (transport = -1): ConnectionInspection | undefined => {
      const known = connections.get(transport)
      if (!known) return undefined
      const { uplinkLoss, downlinkLoss, roundTripMs, link } = known
      return { uplinkLoss, downlinkLoss, roundTripMs, link }
    }
    return {
      id: seat.id,
      worker: seat.worker,
      quality: seat.quality,
      publish: connection(publish),
      subscribe: connection(subscribe),
      sends: seat.announced().map(({ publication: { number, track, media }, source }): SentInspection => {
        const { layers, encodings } = publications.get(number) ?? {}
        return {
          track,
          source,
          kind: media.kind,
          codecs: media.codecs.map(({ name }) => name),
          codec: room.arriving.get(number),
          ...(layers && { layers }),
          ...(encodings && { encodings }),
        }
      }),
      receives: seat.receiver.receiving.map(({ publication, subscription, want }): ReceivedInspection => {
        const { subscription: _, ...known } = subscriptions.get(subscription) ?? {}
        return {
          participant: publication.participant,
          track: publication.track,
          kind: publication.media.kind,
          want,
          ...known,
        }
      }),
    }
  }
  return { participants: [...room.seats.values()].map(participant) }
}
