import type {
  IceServer,
  MediaBody,
  MediaState,
  SignalBody,
  Topology,
  Track,
  TrackSource,
  UnservedTrack,
} from '@parley/protocol'
import type { ConnectionStatus, PeerStats, PublishOptions } from '../types.ts'

/** Somebody else in the room, as far as media is concerned. */
export interface MediaPeer {
  readonly id: string
  /** Wants to be sent media. */
  readonly subscribe: boolean
  /** What they announced. */
  readonly tracks: readonly Track[]
  /** Of these, what the SFU is not to send us. */
  readonly unwanted: ReadonlySet<string>
  /** Signals reach them: they have a seat, and so have we. */
  readonly reachable: boolean
  /** They came by HTTP, and are reached through the SFU alone. */
  readonly throughServer: boolean
  /** They were here before us and have something to send, as far as we can know: the first offer is theirs. */
  readonly offersFirst: boolean
}

/** Who we are in the room. */
export interface MediaSelf {
  readonly id: string
  readonly subscribe: boolean
}

/** A track that comes by some way. */
export interface IncomingTrack {
  readonly track: MediaStreamTrack
  /** Its first media is here. Before that it may be shown, but takes nobody's place. */
  readonly flows: boolean
}

/** An immutable picture of one of our tracks, as the media plane has to send it. */
export interface OutgoingTrack {
  readonly source: TrackSource
  /** The track's own stream id, announced as `Track.id`; the same whenever something is published from this source. */
  readonly id: string
  /** A stream shared with what has to play in step with it (lips and voice), then the track's own. */
  readonly streams: readonly MediaStream[]
  /** What was published last, even where it is not being sent. */
  readonly carrier: MediaStreamTrack
  /** Send this; undefined = send nothing, keep the path. */
  readonly track: MediaStreamTrack | undefined
  readonly options: PublishOptions
}

/** What a media plane tells its room. */
export interface MediaPlaneEvents {
  /** Rejects where the server could not pass it on. */
  send(to: string, body: SignalBody): Promise<unknown>
  /** The same, to the SFU. */
  negotiate(body: MediaBody): Promise<unknown>
  /** The track that came with a stream id, as soon as it is agreed on and again when it flows; undefined when it is gone. */
  media(participant: string, stream: string, incoming: IncomingTrack | undefined): void
  connection(participant: string, status: ConnectionStatus): void
  /** How every path that is up does, every other second. */
  measured(stats: readonly PeerStats[]): void
  /** What this browser cannot decode of what others send; the whole list each time. */
  undecodable(tracks: readonly UnservedTrack[]): void
}

/** What media that may change its way tells its room besides. */
export interface RoomMediaEvents extends MediaPlaneEvents {
  /** How the way that media takes serves us: for the server. Rejects where that cannot be said now. */
  report(topology: Topology, state: MediaState): Promise<unknown>
}

/** Carries media between us and the others; a room owns one. Told the whole of what should be, it finds the difference. */
export interface MediaPlane {
  setSelf(self: MediaSelf): void
  setPeers(peers: readonly MediaPeer[]): void
  setOutgoingTracks(outgoingTracks: readonly OutgoingTrack[]): void
  setIceServers(servers: readonly IceServer[]): void
  receive(from: string, body: SignalBody): void
  /** Our addresses may have changed. */
  networkChanged(): void
  /** Tries what has failed again, at once. */
  retry(): void
  /** What receives a participant's track. */
  receiver(participant: string, stream: string): RTCRtpReceiver | undefined
  /** True while media flows to or from a participant. */
  flows(participant: string): boolean
  /** Rates are since the previous call. */
  stats(): Promise<readonly PeerStats[]>
  /** Loudness 0..1 of the tracks asked for, by participant; absent = silent. */
  levels(microphones: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, number>>
  close(): void
}

/** What a plane whose way leads through the server hears of it. */
export interface SfuSignals {
  negotiate(body: MediaBody): void
  /** The server's media plane was started anew, or our seat was: it knows nothing of our connections. */
  lost(): void
  /** Signals reach the server, or cannot. */
  setReachable(reachable: boolean): void
}

/** What a room needs: a plane that can change the way media takes. */
export interface RoomMedia extends MediaPlane, SfuSignals {
  /** The way that it was told to take. */
  readonly topology: Topology
  setTopology(topology: Topology): void
  /** Everybody has everything by the way that media takes now: the one before is needed no longer. */
  settled(): void
}
