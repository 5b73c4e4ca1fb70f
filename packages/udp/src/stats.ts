/** Counters of one socket, or of all of a loop's sockets, those already closed included. */
export interface UdpStats {
  /** Datagrams and their payload bytes that reached a handler. */
  received: number
  receivedBytes: number
  /** Larger than the loop's `maxDatagramBytes`, and dropped. */
  truncated: number
  /** Datagrams and their payload bytes that the kernel took. */
  sent: number
  sentBytes: number
  /** Dropped because the kernel's send buffer was full. */
  blocked: number
  /** Dropped because the kernel refused them: no route, no permission, larger than it can send. */
  failed: number
  /** Dropped at `send`: a closed socket, another IP version, port 0, more than 65,507 bytes. */
  refused: number
  /** ICMP errors that came for what was sent. */
  icmp: number
  /** Dropped by the kernel because nobody read its receive buffer in time; undefined where it does not say. */
  overruns: number | undefined
}

export function emptyStats(): UdpStats {
  return {
    received: 0,
    receivedBytes: 0,
    truncated: 0,
    sent: 0,
    sentBytes: 0,
    blocked: 0,
    failed: 0,
    refused: 0,
    icmp: 0,
    overruns: undefined,
  }
}

/** Adds `other` to `sum`. What neither knows stays unknown. */
export function addStats(sum: UdpStats, other: Readonly<UdpStats>): void {
  for (const name of Object.keys(other) as (keyof UdpStats)[]) {
    const value = other[name]
    if (value !== undefined) sum[name] = (sum[name] ?? 0) + value
  }
}
