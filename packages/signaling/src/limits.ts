import type { Rate } from '@parley/net'

/** How much of the server one client, and one address, may use. The defaults suit meetings; benches raise them. */
export interface SignalingLimits {
  /** Requests of one session; beyond it they are answered `rate-limited`. */
  readonly requests: Rate
  /** Chat messages and reactions of one session. */
  readonly chat: Rate
  /** Invitations of one session. */
  readonly invites: Rate
  /** Descriptions that one session makes the SFU parse, in characters, since parsing is work. */
  readonly descriptions: Rate
  /**
   * The bytes that one session causes: the answers to its requests, and the events that follow from them, each counted once
   * for every receiver. Beyond it requests are answered `rate-limited`. A request that costs more than is left still goes
   * through; the debt is refilled before the next one.
   */
  readonly costs: Rate
  /** The same for all sessions from one address; beyond it, those that have spent most of their own have to wait. */
  readonly costsPerAddress: Rate
  /** Everything that arrives on one connection, in messages; beyond it the connection is closed. */
  readonly wireMessages: Rate
  /** Everything that arrives on one connection, in bytes; beyond it the connection is closed. */
  readonly wireBytes: Rate
  /** TCP connections to the server from one address, whatever they carry: pages, signalling, TURN over TLS. */
  readonly tcpPerAddress: number
  /** Open connections (Socket.IO and relay together) from one address. */
  readonly connectionsPerAddress: number
  /** Bytes that may wait for all connections of one address together, before those with much waiting are closed. */
  readonly queuePerAddress: number
  /** Streams and viewers by HTTP (WHIP, WHEP) from one address. */
  readonly guestsPerAddress: number
  /** Seats in rooms that one address may hold. */
  readonly seatsPerAddress: number
  /** Open rooms that one address may have made. */
  readonly roomsPerAddress: number
  /** Calls begun from one address, those that ended within the last minute included. */
  readonly callsPerAddress: number
  /** Bytes of chat, written from one address, that are kept for late joiners. */
  readonly chatBytesPerAddress: number
  /** Entries that stand on the whiteboard of one room; as many more may be kept of what was deleted. */
  readonly boardEntries: number
  /** Bytes on the whiteboard of one room, on all whiteboards, and on all from one address. */
  readonly boardBytes: number
  readonly boardBytesTotal: number
  readonly boardBytesPerAddress: number
  /** How often one session may point somewhere on whiteboards. */
  readonly cursors: Rate
  /** Rooms that one session may sit in at once. */
  readonly roomsPerSession: number
  /** Events kept for one room or session, to be replayed to sessions that come back. */
  readonly logEntries: number
  /** Bytes of events kept for one room or session. */
  readonly logBytes: number
  /** Bytes of events kept in all. */
  readonly logBytesTotal: number
  /** Bytes of missed events that are replayed to a session; one that missed more joins its rooms again. */
  readonly replayBytes: number
  /** People in one room of the plain relay. */
  readonly relayPeers: number
  /** Messages of one relay peer; beyond it they are answered with an error. What it makes the relay send counts as `costs`. */
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
  boardEntries: 5000,
  boardBytes: 16 * 1024 * 1024,
  boardBytesTotal: 256 * 1024 * 1024,
  boardBytesPerAddress: 64 * 1024 * 1024,
  cursors: { perSecond: 15, burst: 30 },
  roomsPerSession: 16,
  logEntries: 2048,
  logBytes: 2 * 1024 * 1024,
  logBytesTotal: 64 * 1024 * 1024,
  replayBytes: 1024 * 1024,
  relayPeers: 50,
  relayMessages: { perSecond: 100, burst: 400 },
}
