/** When a request is sent again, and when it is given up (RFC 8489 §6.2.1). */
export interface Retransmission {
  /** The first wait, in milliseconds; each further one is twice as long. */
  readonly rtoMs: number
  /** Rc: how often it is sent altogether. */
  readonly requests: number
  /** Rm: how many `rtoMs` the last one is waited for. */
  readonly lastWait: number
}

/** Sent at 0, 0.5, 1.5 and 3.5 s, given up at 4 s: two rounds of tests stay below 10 s. */
export const discoveryRetransmission: Retransmission = { rtoMs: 500, requests: 4, lastWait: 1 }

/** How long to wait after the request that was sent as number `sent`, counted from 1. */
export function waitAfter({ rtoMs, requests, lastWait }: Retransmission, sent: number): number {
  return sent < requests ? rtoMs * 2 ** (sent - 1) : rtoMs * lastWait
}
