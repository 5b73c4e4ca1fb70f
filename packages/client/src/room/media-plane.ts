import type {
  IceServer,
  MediaBody,
  MediaState,
  SignalBody,
  Topology,
  Track,
  TrackSource,
  UnsentTrack,
  UnservedTrack,
} from '@parley/protocol'
import type { PeerStats } from '../stats/types.ts'
import type { ConnectionStatus, PublishOptions } from '../types.ts'

/** Somebody else in the room, as far as media is concerned. */
export interface MediaPeer {
  readonly id: string
  /** Whether they want to be sent media. */
  readonly subscribe: boolean
  /** The tracks that they have announced. */
  readonly tracks: readonly Track[]
  /** Nothing of what they send can be decrypted, so that no picture of theirs is to be expected. */
  readonly unreadable: boolean
  /** The ids of those tracks that we do not want from the SFU. */
  readonly unwanted: ReadonlySet<string>
  /** Whether signals reach them, which means that both of us are known to the server. */
  readonly reachable: boolean
  /** They came over HTTP, and can be reached through the SFU only. */
  readonly throughServer: boolean
  /** As far as we can know, they were here before us and have something to send: the first offer comes from them. */
  readonly offersFirst: boolean
}

/** Who we are in the room. */
export interface MediaSelf {
  readonly id: string
  readonly subscribe: boolean
}

/** A track that we receive. */
export interface IncomingTrack {
  readonly track: MediaStreamTrack
  /** Whether its first media has arrived. Until then it may be shown, but must not replace a track that flows. */
  readonly flows: boolean
}

/** One of our tracks as the media plane has to send it. Immutable. */
export interface OutgoingTrack {
  readonly source: TrackSource
  /** The id of the track's own stream, announced as `Track.id`; always the same for a source. */
  readonly id: string
  /** First a stream shared with whatever has to play in sync with it (camera and microphone), then the track's own. */
  readonly streams: readonly MediaStream[]
  /** The track that was published last, even if it is not being sent. */
  readonly carrier: MediaStreamTrack
  /** The track to send; undefined: send nothing, but keep the media section. */
  readonly track: MediaStreamTrack | undefined
  readonly options: PublishOptions
}

/** What a media plane tells its room. */
export interface MediaPlaneEvents {
  /** Sends a signal to a peer. Rejects if the server could not pass it on. */
  send(to: string, body: SignalBody): Promise<unknown>
  /** Sends a signal to the SFU. Rejects likewise. */
  negotiate(body: MediaBody): Promise<unknown>
  /** The track of a stream id: told when it has been negotiated, again when it flows, and with undefined when it is gone. */
  media(participant: string, stream: string, incoming: IncomingTrack | undefined): void
  connection(participant: string, status: ConnectionStatus): void
  /** A measurement of every path that is up, every two seconds. */
  measured(stats: readonly PeerStats[]): void
  /** All tracks of others that are wanted and not sent, for want of room. */
  unsent(tracks: readonly UnsentTrack[]): void
  /** All tracks of others that this browser cannot decode. */
  undecodable(tracks: readonly UnservedTrack[]): void
}

/** What media whose topology can change tells its room as well. */
export interface RoomMediaEvents extends MediaPlaneEvents {
  /** Reports to the server how a topology works for us. Rejects if the server cannot be told now. */
  report(topology: Topology, state: MediaState): Promise<unknown>
}

/** Carries media between us and the others. It is always told the whole desired state, and finds the difference itself. */
export interface MediaPlane {
  setSelf(self: MediaSelf): void
  setPeers(peers: readonly MediaPeer[]): void
  setOutgoingTracks(outgoingTracks: readonly OutgoingTrack[]): void
  setIceServers(servers: readonly IceServer[]): void
  receive(from: string, body: SignalBody): void
  /** Our addresses may have changed. */
  networkChanged(): void
  /** Retries at once what has failed. */
  retry(): void
  /** The receiver of a participant's track. */
  receiver(participant: string, stream: string): RTCRtpReceiver | undefined
  /** True while media flows to or from a participant. */
  flows(participant: string): boolean
  /** Measures every path; rates are since the previous call. */
  stats(): Promise<readonly PeerStats[]>
  /** The loudness of the given tracks, 0..1, by participant; silent ones are absent. */
  levels(microphones: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, number>>
  close(): void
}

/** What a plane whose media goes through the SFU is told as well. */
export interface SfuSignals {
  negotiate(body: MediaBody): void
  /** The SFU has restarted, or we have joined again: it knows nothing of our connections any more. */
  lost(): void
  /** Says whether signals can reach the server. */
  setReachable(reachable: boolean): void
}

/** What a room needs: a media plane that can change its topology. */
export interface RoomMedia extends MediaPlane, SfuSignals {
  /** The topology that was set last. */
  readonly topology: Topology
  setTopology(topology: Topology): void
  /** Everybody has everything through the current topology: the one before is no longer needed. */
  settled(): void
}
