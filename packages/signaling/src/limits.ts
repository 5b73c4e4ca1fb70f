/** How fast a token bucket fills and how much it holds. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

/** What one client, and one address, may use of the server. A bench raises them; the defaults suit a meeting. */
export interface SignalingLimits {
  /** Requests of one session; beyond it they are answered `rate-limited`. */
  readonly requests: Rate
  /** Chat messages and reactions of one session. */
  readonly chat: Rate
  /** Invitations of one session. */
  readonly invites: Rate
  /** Everything that arrives on one connection, in messages; beyond it the connection is closed. */
  readonly wireMessages: Rate
  /** Everything that arrives on one connection, in bytes; beyond it the connection is closed. */
  readonly wireBytes: Rate
  /** Open connections (Socket.IO and relay together) from one address. */
  readonly connectionsPerAddress: number
  /** Rooms that one session may sit in at once. */
  readonly roomsPerSession: number
  /** Events kept for one room or session, for those who come back. */
  readonly logEntries: number
  /** Bytes of events kept for one room or session. */
  readonly logBytes: number
  /** Bytes of events kept in all. */
  readonly logBytesTotal: number
  /** People in one room of the plain relay. */
  readonly relayPeers: number
  /** Messages of one relay peer; beyond it they are answered with an error. */
  readonly relayMessages: Rate
}

export const defaultLimits: SignalingLimits = {
  requests: { perSecond: 100, burst: 400 },
  chat: { perSecond: 10, burst: 40 },
  invites: { perSecond: 0.5, burst: 10 },
  wireMessages: { perSecond: 400, burst: 2000 },
  wireBytes: { perSecond: 512 * 1024, burst: 4 * 1024 * 1024 },
  connectionsPerAddress: 256,
  roomsPerSession: 16,
  logEntries: 2048,
  logBytes: 2 * 1024 * 1024,
  logBytesTotal: 64 * 1024 * 1024,
  relayPeers: 50,
  relayMessages: { perSecond: 100, burst: 400 },
}
