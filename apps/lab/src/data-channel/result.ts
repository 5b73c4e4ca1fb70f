/** Round trips of small messages. */
export interface Latency {
  readonly sent: number
  readonly lost: number
  readonly medianMs: number | undefined
  readonly p95Ms: number | undefined
}

export interface BufferSample {
  readonly atMs: number
  readonly bytes: number
}

/** The throughput of one direction at full speed. */
export interface Throughput {
  readonly bitsPerSecond: number | undefined
  readonly messagesSent: number
  readonly messagesReceived: number
  /** The sender's `bufferedAmount`, sampled several times a second. */
  readonly buffered: readonly BufferSample[]
}

export interface ChannelResult {
  readonly setUpMs: number
  readonly latency: Latency
  /** From the first end to the second, and back. */
  readonly forth: Throughput
  readonly back: Throughput
}

/** Summarises a list of round trips; an undefined entry is a lost message. */
export function latencyOf(roundTripsMs: readonly (number | undefined)[]): Latency {
  const known = roundTripsMs.filter(value => value !== undefined).sort((a, b) => a - b)
  return {
    sent: roundTripsMs.length,
    lost: roundTripsMs.length - known.length,
    medianMs: quantile(known, 0.5),
    p95Ms: quantile(known, 0.95),
  }
}

/** Quantile of sorted values by the nearest-rank method. */
function quantile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
}

export interface Receipt {
  readonly atMs: number
  readonly bytes: number
}

/** Bits per second from the first message to the last; undefined if no time passed between them. */
export function rateOf(receipts: readonly Receipt[]): number | undefined {
  const first = receipts[0]
  const last = receipts.at(-1)
  if (!first || !last || last.atMs <= first.atMs) return undefined
  // The first message only starts the clock.
  const bytes = receipts.reduce((sum, receipt) => sum + receipt.bytes, 0) - first.bytes
  return (bytes * 8 * 1000) / (last.atMs - first.atMs)
}

/** Share of messages that did not arrive, 0..1; undefined if none were sent. */
export function lossOf({ messagesSent, messagesReceived }: Throughput): number | undefined {
  return messagesSent === 0 ? undefined : Math.max(0, messagesSent - messagesReceived) / messagesSent
}
