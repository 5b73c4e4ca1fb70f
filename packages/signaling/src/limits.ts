import type { Rate } from '@parley/net'

/** What one client, and one address, may use of the server. A bench raises them; the defaults suit a meeting. */
export interface SignalingLimits {
  /** Requests of one session; beyond it they are answered `rate-limited`. */
  readonly requests: Rate
  /** Chat messages and reactions of one session. */
  readonly chat: Rate
  /** Invitations of one session. */
  readonly invites: Rate
  /** Descriptions that one session has the SFU read, in characters: reading them is work. */
  readonly descriptions: Rate
  /**
   * What one session costs, in bytes: of the answers it asks for, and of the events it causes, each as often as somebody
   * hears it. Beyond it requests are answered `rate-limited`. One that costs more than there is goes through, and is paid
   * off before the next.
   */
  readonly costs: Rate
  /** The same for all sessions from one address; beyond it, those that spent most of their own have to wait. */
  readonly costsPerAddress: Rate
  /** Everything that arrives on one connection, in messages; beyond it the connection is closed. */
  readonly wireMessages: Rate
  /** Everything that arrives on one connection, in bytes; beyond it the connection is closed. */
  readonly wireBytes: Rate
  /** TCP connections to the server from one address, whatever they carry: pages, signalling, TURN over TLS. */
  readonly tcpPerAddress: number
  /** Open connections (Socket.IO and relay together) from one address. */
  readonly connectionsPerAddress: number
  /** Bytes that wait for all connections of one address together, before those who are owed much are closed. */
  readonly queuePerAddress: number
  /** Streams and viewers by HTTP (WHIP, WHEP) from one address. */
  readonly guestsPerAddress: number
  /** Seats in rooms that one address may take. */
  readonly seatsPerAddress: number
  /** Rooms that one address may have made. */
  readonly roomsPerAddress: number
  /** Calls begun from one address, those that ended within the last minute included. */
  readonly callsPerAddress: number
  /** Bytes of chat, written from one address, that are kept for late joiners. */
  readonly chatBytesPerAddress: number
  /** Rooms that one session may sit in at once. */
  readonly roomsPerSession: number
  /** Events kept for one room or session, for those who come back. */
  readonly logEntries: number
  /** Bytes of events kept for one room or session. */
  readonly logBytes: number
  /** Bytes of events kept in all. */
  readonly logBytesTotal: number
  /** Bytes of missed events that somebody who comes back is sent; who missed more joins anew. */
  readonly replayBytes: number
  /** People in one room of the plain relay. */
  readonly relayPeers: number
  /** Messages of one relay peer; beyond it they are answered with an error. What it has passed on counts as `costs`. */
  readonly relayMessages: Rate
}

export const defaultLimits: SignalingLimits = {
  requests: { perSecond: 100, burst: 400 },
  chat: { perSecond: 10, burst: 40 },
  invites: { perSecond: 0.5, burst: 10 },
  descriptions: { perSecond: 128 * 1024, burst: 2 * 1024 * 1024 },
  costs: { perSecond: 1024 * 1024, burst: 4 * 1024 * 1024 },
  costsPerAddress: { perSecond: 8 * 1024 * 1024, burst: 64 * 1024 * 1024 },
  wireMessages: { perSecond: 400, burst: 2000 },
  wireBytes: { perSecond: 512 * 1024, burst: 4 * 1024 * 1024 },
  tcpPerAddress: 2048,
  connectionsPerAddress: 256,
  queuePerAddress: 32 * 1024 * 1024,
  guestsPerAddress: 512,
  seatsPerAddress: 1024,
  roomsPerAddress: 256,
  callsPerAddress: 512,
  chatBytesPerAddress: 16 * 1024 * 1024,
  roomsPerSession: 16,
  logEntries: 2048,
  logBytes: 2 * 1024 * 1024,
  logBytesTotal: 64 * 1024 * 1024,
  replayBytes: 1024 * 1024,
  relayPeers: 50,
  relayMessages: { perSecond: 100, burst: 400 },
}
