/** Counters of one socket, or of all sockets that a loop has had. */
export interface UdpStats {
  /** Datagrams, and bytes of their payload, that reached a handler. */
  received: number
  receivedBytes: number
  /** Dropped because they were larger than the loop's `maxDatagramBytes`. */
  truncated: number
  /** Datagrams, and bytes of their payload, that the kernel took. */
  sent: number
  sentBytes: number
  /** Dropped because the kernel's send buffer was full. */
  blocked: number
  /** Dropped because the kernel refused them: no route, no permission, or larger than it can send. */
  failed: number
  /** Dropped by `send`: the socket is closed or of the other IP version, the port is 0, or there are more than 65,507 bytes. */
  refused: number
  /** ICMP errors that arrived about what was sent. */
  icmp: number
  /** Dropped by the kernel because its receive buffer was full; undefined where it does not say. */
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

/** Adds `other` to `sum`. A counter that neither knows stays undefined. */
export function addStats(sum: UdpStats, other: Readonly<UdpStats>): void {
  for (const name of Object.keys(other) as (keyof UdpStats)[]) {
    const value = other[name]
    if (value !== undefined) sum[name] = (sum[name] ?? 0) + value
  }
}
