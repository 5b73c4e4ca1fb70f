import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { LeaveReason, Participant, TopologyWish, Track, TrackSource } from '@parley/protocol'
import type { Holdings } from './holdings.ts'
import type { SignalingLimits } from './limits.ts'
import type { Authenticator, Clock, IceServerSource, MediaPlane, MediaPlaneEvents, Observer } from './ports.ts'
import type { Ban, BanStore, NewBan, Newcomer } from './rights/bans.ts'

export interface SignalingOptions {
  /** Socket.IO takes the path `/socket.io`, the plain relay the upgrades of `/relay/<room>`. Stays the caller's to close. */
  readonly httpServer: HttpServer | HttpsServer
  readonly authenticator: Authenticator
  readonly iceServers: IceServerSource
  /** Told to every client in `welcome`: another text for another build, and for guests no more than that. */
  readonly version: string
  /** Whether a page of this origin may connect; asked only where the browser sent one. */
  allowOrigin(origin: string, host: string | undefined): boolean
  /** The address that limits count by; who trusts a proxy reads its header here. */
  clientAddress(request: IncomingMessage): string
  /** The largest room. Default 100. */
  readonly roomSize?: number
  /** The way media goes in rooms whose maker does not say. Default `auto`. */
  readonly topology?: TopologyWish
  /** Opens the SFU. Absent: every room is a mesh. */
  readonly mediaPlane?: (events: MediaPlaneEvents) => MediaPlane
  /** Keeps bans over a restart. Absent: they end with the process. */
  readonly bans?: BanStore
  /** What the end of a token means to its holder: `stay`, and nothing more opens (the default); `leave`, and all closes. */
  readonly tokenEnd?: 'stay' | 'leave'
  readonly clock?: Clock
  readonly observer?: Observer
  readonly limits?: Partial<SignalingLimits>
  /** What each source address holds, if other doors of the server count there too. */
  readonly holdings?: Holdings
}

/** Somebody without signalling: an encoder that sends (WHIP), a player that watches (WHEP). */
export interface HttpGuest {
  /** The seat's; nobody else's. */
  readonly id: string
  readonly identity: string
  readonly name: string
  readonly via: 'whip' | 'whep'
  /** Without a token: nobody whom the owner knows. */
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
  /** Belongs to a call: nobody else can enter. */
  readonly private: boolean
  /** In the order they joined. */
  readonly participants: readonly Participant[]
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
  /** Throws what {@link admit} would throw for a guest with this seat, and takes nothing. */
  admissible(room: string, guest: HttpGuest): void
  /**
   * Gives a seat to somebody who came by HTTP, and is reached through the SFU alone. Throws AppError `room-full`,
   * `room-private`, `removed`, `network-barred`, `token-expired`, `over-quota`, `rate-limited`, `sfu-missing`, `no-sfu` for a room that is to be a mesh.
   */
  admit(room: string, guest: HttpGuest): Participant
  /** What such a guest sends. Throws AppError `not-in-room`. */
  announce(room: string, id: string, tracks: readonly Track[]): void
  /** The page of a session is gone: it gives up all that it has, at once. */
  depart(session: string): void
  /** Takes such a guest's seat away, if they have one. */
  dismiss(room: string, id: string, reason: LeaveReason): void
  /** Tells a participant to stop sending, and everybody that the track is muted. Throws AppError `no-such-room`, `no-such-participant`. */
  mute(room: string, participant: string, source: TrackSource): void
  /**
   * Takes all of somebody's seats in a room away, and keeps them out of it: see {@link bans}. Throws AppError `no-such-room`,
   * `no-such-participant`.
   */
  remove(room: string, participant: string): void
  /** Who is kept out of what. */
  bans(): readonly Ban[]
  /** Keeps somebody out, and sends them out. */
  ban(ban: NewBan): Ban
  /** Throws AppError `removed`, `network-barred` for whoever is kept out. */
  check(newcomer: Newcomer): void
  /** False: there is no such ban. */
  lift(ban: string): boolean
  /** Sends everybody out. Throws AppError `no-such-room`. */
  close(room: string): void
  counts(): SignalingCounts
  /** Tells every client, lets go of their connections and takes no new ones. May be called twice. */
  stop(reason: string): Promise<void>
}
