import type { IncomingHttpHeaders } from 'node:http'
import type {
  CallOutcome,
  ErrorCode,
  IceServer,
  MediaBody,
  MediaSeat,
  NetworkQuality,
  RequestName,
  Speakers,
  SubscriptionWishes,
  TokenClaims,
} from '@parley/protocol'
import type { Term } from './rights/term.ts'

/** The time in milliseconds since 1970, and timers. Tests use `FakeClock` of `testkit`. */
export interface Clock {
  now(): number
  /** Calls back once, `delayMs` from now; the function returned stops it. */
  after(delayMs: number, callback: () => void): () => void
}

/** A verified token: who somebody is, what they may do, and for how long. */
export interface Pass extends Term {
  readonly token: string
  readonly claims: TokenClaims
}

/** Verifies tokens and tickets. */
export interface Authenticator {
  /**
   * Throws AppError `token-invalid`, `token-expired`. Without a token, open mode makes a guest, and token mode throws
   * `unauthorized`.
   */
  authenticate(token: string | undefined): Promise<Pass>
  /** Like {@link authenticate}, but accepts a token that has expired. Throws AppError `token-invalid`. */
  recognize(token: string): Promise<Pass>
  /** A signed proof that `session` belongs to `identity`; stays valid over a restart of the server. */
  issueTicket(session: string, identity: string): Promise<string>
  /** The session that a ticket proves; undefined if it is forged, expired or somebody else's. */
  verifyTicket(ticket: string, identity: string): Promise<string | undefined>
}

/** STUN and TURN servers for one identity, with credentials where they are needed. */
export interface IceServerSource {
  /**
   * @param host The client's Host header, if it sent one.
   * @param until When the credentials are to expire at the latest, because the rights of that identity do; ms since 1970.
   */
  iceServers(identity: string, host?: string, until?: number): readonly IceServer[]
  /** Makes all credentials that this identity has been given so far useless. */
  revoke?(identity: string): void
}

/** Somebody has been let in. */
export interface Arrival {
  readonly identity: string
  readonly address: string
  readonly host: string | undefined
  readonly clock: number | undefined
}

/** Is told what is worth counting; the host makes metrics and log lines of it. Never throws. */
export interface Observer {
  request(name: RequestName | 'unknown', outcome: 'ok' | ErrorCode): void
  relayed(bytes: number): void
  callEnded(outcome: CallOutcome): void
  refused(why: ErrorCode, address: string): void
  /** Somebody was let in. `host` is their Host header; `clock` is their time, ms since 1970, if they sent it. */
  arrived(guest: Arrival): void
  /** Somebody who was let in has a WebSocket, or has been without one for so long that they will not get one. */
  connected(by: 'websocket' | 'polling', headers: IncomingHttpHeaders): void
  error(error: unknown): void
}

/** The SFU, which forwards what everybody sends. Nothing here throws; what it has to say goes to {@link MediaPlaneEvents}. */
export interface MediaPlane {
  /** False: it cannot work on this machine, and rooms stay a mesh. It stays true while the SFU restarts. */
  readonly available: boolean
  /** Somebody takes a seat, or what the SFU knows of them has changed. Guests over HTTP have already negotiated. */
  seat(room: string, seat: MediaSeat): void
  unseat(room: string, id: string): void
  /** A message of a seated client about one of its connections. */
  receive(room: string, id: string, body: MediaBody): void
  subscribe(room: string, id: string, wishes: SubscriptionWishes): void
}

export interface MediaPlaneEvents {
  send(room: string, id: string, body: MediaBody): void
  /** How well somebody's media get through has changed. */
  quality(room: string, participant: string, quality: NetworkQuality): void
  /** Who speaks in a room has changed. */
  speakers(room: string, speakers: Speakers): void
  /** It has restarted and has no seats any more. */
  lost(): void
}
