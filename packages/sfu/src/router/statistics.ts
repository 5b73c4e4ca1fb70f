/*
 * What a worker has measured of transports, as plain data, for people who look for the cause of something. What is undefined
 * is not known, or does not apply.
 */

/** One of the qualities in which a track can be forwarded. */
export interface LayerStatistics {
  /** Which size it is, from the smallest, 0; and how many frame rates of that size are below it. */
  readonly size: number
  readonly temporal: number
  /** Of its stream of simulcast. */
  readonly rid: string | undefined
  /** Width × height of its pictures. */
  readonly pixels: number | undefined
  /** What it takes, with the layers that it needs. */
  readonly bitrateBps: number | undefined
}

export interface PublicationStatistics {
  readonly publication: number
  /** Those that flow, each better than the one before. */
  readonly layers: readonly LayerStatistics[]
  /** What the publisher is asked to send. */
  readonly encodings: readonly { readonly rid: string | undefined; readonly wanted: boolean }[]
}

export interface SubscriptionStatistics {
  readonly subscription: number
  /** What is forwarded now, and the best that is of use to the subscriber. */
  readonly layer: LayerStatistics | undefined
  readonly wanted: LayerStatistics | undefined
  /** It gets less than it wants since its link carries no more. */
  readonly reduced: boolean
  /** It waits for a key frame. */
  readonly waiting: boolean
}

/** What a receiver's link carries, and what becomes of that; all in bit/s. */
export interface LinkStatistics {
  readonly estimateBps: number
  /** What all that is of use would take, and what is granted of it. */
  readonly wantedBps: number
  readonly grantedBps: number
}

/** One transport, as its worker knows it. */
export interface TransportStatistics {
  readonly transport: number
  /** Shares of packets that were lost of late, on the way here and on the way to the peer; 0 to 1. */
  readonly uplinkLoss: number | undefined
  readonly downlinkLoss: number | undefined
  readonly roundTripMs: number | undefined
  readonly link: LinkStatistics | undefined
  readonly publications: readonly PublicationStatistics[]
  readonly subscriptions: readonly SubscriptionStatistics[]
}
