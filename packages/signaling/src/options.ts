import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Participant, TopologyWish, TrackSource } from '@parley/protocol'
import type { SignalingLimits } from './limits.ts'
import type { Authenticator, Clock, IceServerSource, MediaPlane, MediaPlaneEvents, Observer } from './ports.ts'

export interface SignalingOptions {
  /** Socket.IO takes the path `/socket.io`, the plain relay the upgrades of `/relay/<room>`. Stays the caller's to close. */
  readonly httpServer: HttpServer | HttpsServer
  readonly authenticator: Authenticator
  readonly iceServers: IceServerSource
  /** Told to every client in `welcome`. */
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
  readonly clock?: Clock
  readonly observer?: Observer
  readonly limits?: Partial<SignalingLimits>
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
  /** Tells a participant to stop sending, and everybody that the track is muted. Throws AppError `no-such-room`, `no-such-participant`. */
  mute(room: string, participant: string, source: TrackSource): void
  /** Takes somebody's seat away. Throws AppError `no-such-room`, `no-such-participant`. */
  remove(room: string, participant: string): void
  /** Sends everybody out. Throws AppError `no-such-room`. */
  close(room: string): void
  counts(): SignalingCounts
  /** Tells every client, lets go of their connections and takes no new ones. May be called twice. */
  stop(reason: string): Promise<void>
}
