import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type {
  LeaveReason,
  NetworkQuality,
  Participant,
  RoomTopology,
  TopologyWish,
  Track,
  TrackSource,
} from '@parley/protocol'
import type { Holdings } from './holdings.ts'
import type { SignalingLimits } from './limits.ts'
import type { Authenticator, Clock, IceServerSource, MediaPlane, MediaPlaneEvents, Observer } from './ports.ts'
import type { Ban, BanStore, NewBan, Newcomer } from './rights/bans.ts'

export interface SignalingOptions {
  /** Serves Socket.IO at `/socket.io`, and the plain relay at `/relay/<room>`. The caller closes it. */
  readonly httpServer: HttpServer | HttpsServer
  readonly authenticator: Authenticator
  readonly iceServers: IceServerSource
  /** Sent to every client in `welcome`: differs between builds, and need not say more than that. */
  readonly version: string
  /** Whether a page of this origin may connect; called only if the client sent an origin. */
  allowOrigin(origin: string, host: string | undefined): boolean
  /** The address that limits are counted for. Behind a trusted proxy, read it from the proxy's header. */
  clientAddress(request: IncomingMessage): string
  /** The largest room. Default 100. */
  readonly roomSize?: number
  /** The topology of rooms whose maker does not choose one. Default `auto`. */
  readonly topology?: TopologyWish
  /** Opens the SFU. Absent: every room is a mesh. */
  readonly mediaPlane?: (events: MediaPlaneEvents) => MediaPlane
  /** Keeps bans over a restart. Absent: they end with the process. */
  readonly bans?: BanStore
  /** What happens when a token expires. `stay` (the default): it opens nothing new; `leave`: everything it opened is closed. */
  readonly tokenEnd?: 'stay' | 'leave'
  readonly clock?: Clock
  readonly observer?: Observer
  readonly limits?: Partial<SignalingLimits>
  /** What each source address holds, if other parts of the server count there too. */
  readonly holdings?: Holdings
}

/** Somebody without signalling: an encoder that sends (WHIP), or a player that watches (WHEP). */
export interface HttpGuest {
  /** The id of their seat, which nobody else has. */
  readonly id: string
  readonly identity: string
  readonly name: string
  readonly via: 'whip' | 'whep'
  /** Whether they came without a token. */
  readonly guest: boolean
  /** The address that they come from. */
  readonly source: string
  /** When their token ends, ms since 1970. */
  readonly expiresAt?: number
}

/** A room as an operator sees it. */
export interface RoomInfo {
  readonly name: string
  readonly capacity: number
  readonly createdAt: number
  /** It belongs to a call, and nobody else can enter. */
  readonly private: boolean
  readonly topology: RoomTopology
  /** In the order they joined; `quality` as the SFU measured it last. */
  readonly participants: readonly (Participant & { readonly quality?: NetworkQuality })[]
}

export interface SignalingCounts {
  readonly rooms: number
  readonly participants: number
  /** Connected clients of Socket.IO and of the relay. */
  readonly sockets: number
  /** Ringing and accepted. */
  readonly calls: number
}

/** The running signalling server, as its host sees it. */
export interface Signaling {
  rooms(): readonly RoomInfo[]
  room(name: string): RoomInfo | undefined
  /** Throws whatever {@link admit} would throw for this guest, and changes nothing. */
  admissible(room: string, guest: HttpGuest): void
  /**
   * Seats somebody who came by HTTP, and can be reached through the SFU only. Throws AppError `room-full`,
   * `room-private`, `removed`, `network-barred`, `token-expired`, `over-quota`, `rate-limited`, `sfu-missing`, `no-sfu` for a room that is to
   * be a mesh, `room-encrypted` for one in which anybody has announced an encrypted track.
   */
  admit(room: string, guest: HttpGuest): Participant
  /** Announces the tracks of such a guest. Throws AppError `not-in-room`. */
  announce(room: string, id: string, tracks: readonly Track[]): void
  /** The page of a session was closed: everything that the session has is given up at once. */
  depart(session: string): void
  /** Takes such a guest's seat away, if they have one. */
  dismiss(room: string, id: string, reason: LeaveReason): void
  /** Mutes a participant's track: tells them to stop sending, and everybody else. Throws AppError `no-such-room`, `no-such-participant`. */
  mute(room: string, participant: string, source: TrackSource): void
  /**
   * Takes away all seats that somebody has in a room, and bans them from it. Throws AppError `no-such-room`,
   * `no-such-participant`.
   */
  remove(room: string, participant: string): void
  /** All bans that are in force. */
  bans(): readonly Ban[]
  /** Adds a ban, and removes whoever it is about. */
  ban(ban: NewBan): Ban
  /** Throws AppError `removed` or `network-barred` if a ban keeps them out. */
  check(newcomer: Newcomer): void
  /** False: there is no such ban. */
  lift(ban: string): boolean
  /** Removes everybody from a room. Throws AppError `no-such-room`. */
  close(room: string): void
  counts(): SignalingCounts
  /** Tells every client, closes their connections and takes no new ones. May be called twice. */
  stop(reason: string): Promise<void>
}
