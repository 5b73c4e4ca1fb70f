import type { IncomingHttpHeaders } from 'node:http'
import type {
  CallOutcome,
  ErrorCode,
  IceServer,
  MediaBody,
  Participant,
  RequestName,
  SubscriptionWishes,
  TokenClaims,
} from '@parley/protocol'
import type { Term } from './rights/term.ts'

/** What time it is, in milliseconds since 1970, and how to be woken; `testkit`'s FakeClock is the other one. */
export interface Clock {
  now(): number
  /** Calls back once, `delayMs` from now; the function returned stops it. */
  after(delayMs: number, callback: () => void): () => void
}

/** Who somebody is and what they may do, until it ends. */
export interface Pass extends Term {
  readonly token: string
  readonly claims: TokenClaims
}

/** Who somebody is. Throws AppError `unauthorized`, `token-invalid`, `token-expired`. */
export interface Authenticator {
  /** Without a token: in open mode makes a guest, in token mode throws `unauthorized`. */
  authenticate(token: string | undefined): Promise<Pass>
  /** Whose token it is, also when it has ended. Throws AppError `token-invalid`. */
  recognize(token: string): Promise<Pass>
  /** A signed proof that `session` belongs to `identity`; outlives a restart of the server. */
  issueTicket(session: string, identity: string): Promise<string>
  /** The session a ticket proves, or undefined if it is forged, expired or not this identity's. */
  verifyTicket(ticket: string, identity: string): Promise<string | undefined>
}

/** STUN and TURN servers for one identity, with credentials where they are needed. */
export interface IceServerSource {
  /**
   * @param host how the client calls this server: the Host header, if it sent one
   * @param until when the rights of that identity end, ms since 1970: so do the credentials. Absent: they do not
   */
  iceServers(identity: string, host?: string, until?: number): readonly IceServer[]
  /** Nobody is to use what was given to that identity so far. */
  revoke?(identity: string): void
}

/** Who has come, and how. */
export interface Arrival {
  readonly identity: string
  readonly address: string
  readonly host: string | undefined
  readonly clock: number | undefined
}

/** Hears what is worth counting; apps/server turns it into metrics and log lines. Never throws. */
export interface Observer {
  request(name: RequestName | 'unknown', outcome: 'ok' | ErrorCode): void
  relayed(bytes: number): void
  callEnded(outcome: CallOutcome): void
  refused(why: ErrorCode, address: string): void
  /** Somebody was let in. `host`: how they call this server; `clock`: what time it is where they are, if they said so. */
  arrived(guest: Arrival): void
  /** Somebody who was let in has a WebSocket, or has been without one for so long that they get none. */
  connected(by: 'websocket' | 'polling', headers: IncomingHttpHeaders): void
  error(error: unknown): void
}

/** Somebody at the SFU: what of a participant concerns it. */
export type MediaSeat = Pick<Participant, 'id' | 'subscribe' | 'tracks'>

/** The SFU, which forwards what everybody sends. None of these throws; what it has to say goes to {@link MediaPlaneEvents}. */
export interface MediaPlane {
  /** False: it cannot serve here, and rooms stay a mesh. Restarts of its own do not make it false. */
  readonly available: boolean
  /** Somebody takes a seat, or what is known of them has changed; who came by HTTP has negotiated already. */
  seat(room: string, seat: MediaSeat): void
  unseat(room: string, id: string): void
  /** What a seated client says of its connections. */
  receive(room: string, id: string, body: MediaBody): void
  subscribe(room: string, id: string, wishes: SubscriptionWishes): void
}

export interface MediaPlaneEvents {
  send(room: string, id: string, body: MediaBody): void
  /** It was started anew and knows of no seats. */
  lost(): void
}
