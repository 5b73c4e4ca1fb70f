import { sequenceDistance } from '@parley/bytes'
import type { PacketArrival, TransportFeedback } from './transport-feedback.ts'

/** Microseconds in a unit of a delta and of the reference time. */
const deltaUs = 250
const referenceUs = 64_000
const minDelta = -0x8000
const maxDelta = 0x7fff
const maxStatuses = 0xffff

/** A packet and when it arrived. */
export interface ArrivalTime {
  /** Transport-wide, 16 bits. */
  readonly sequenceNumber: number
  readonly arrivalUs: number
}

/** A {@link TransportFeedback} without its sender and its count. */
export type FeedbackArrivals = Pick<
  TransportFeedback,
  'baseSequenceNumber' | 'packetStatusCount' | 'referenceTime' | 'arrivals'
>

/**
 * Converts arrivals to the units of transport-wide feedback. `times` must be in ascending order of sequence numbers, none
 * before the base. Takes as many of them as fit into one feedback packet, and says how many in `taken`. Rounding errors do
 * not add up.
 */
export function feedbackOf(
  baseSequenceNumber: number,
  times: readonly ArrivalTime[],
): FeedbackArrivals & { readonly taken: number } {
  const referenceTime = Math.floor((times[0]?.arrivalUs ?? 0) / referenceUs)
  let ticks = (referenceTime * referenceUs) / deltaUs
  const arrivals: PacketArrival[] = []
  let packetStatusCount = 0
  for (const { sequenceNumber, arrivalUs } of times) {
    const now = Math.round(arrivalUs / deltaUs)
    const delta = now - ticks
    const count = packetStatusCount + 1 + sequenceDistance(baseSequenceNumber + packetStatusCount, sequenceNumber)
    if (delta < minDelta || delta > maxDelta || count <= packetStatusCount || count > maxStatuses) break
    arrivals.push({ sequenceNumber, delta })
    packetStatusCount = count
    ticks = now
  }
  return {
    baseSequenceNumber,
    packetStatusCount,
    referenceTime: referenceTime & 0xffffff,
    arrivals,
    taken: arrivals.length,
  }
}

/** Calls back for each packet that arrived, with its arrival in microseconds on the clock of the reference time. */
export function forEachArrival(
  { referenceTime, arrivals }: Pick<TransportFeedback, 'referenceTime' | 'arrivals'>,
  onArrival: (sequenceNumber: number, arrivalUs: number) => void,
): void {
  let us = referenceTime * referenceUs
  for (const { sequenceNumber, delta } of arrivals) {
    us += delta * deltaUs
    onArrival(sequenceNumber, us)
  }
}
