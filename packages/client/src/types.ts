import type {
  Call,
  CallMedia,
  ChatMessage,
  IceServer,
  LeaveReason,
  Presence,
  RequestOutput,
  RoomTopology,
  SubscriptionWishes,
  TopologyWish,
  Track,
  TrackSource,
} from '@parley/protocol'
import type { ErrorCode } from '@parley/protocol/errors'

/** Stops what the function that returned it started; calling it again does nothing. */
export type Unsubscribe = () => void

/** Typed events: `on` returns the way to stop listening. */
export interface Emitter<Events> {
  on<K extends keyof Events>(event: K, listener: (payload: Events[K]) => void): Unsubscribe
}

export interface ConnectOptions {
  /** An access token, or how to get a fresh one: asked again on every reconnection. Not needed in open mode. */
  readonly token?: string | (() => string | Promise<string>)
  /** What others see where the token has no name. */
  readonly name?: string
  /** `relay` sends all media through TURN. Default `all`. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy
  /** Gives up the first connection after this long, with `unreachable`. Default 15,000 ms. */
  readonly timeoutMs?: number
  /**
   * What makes this browser tab known again after a reload: its page takes the place of the one before at once. Not to be
   * shared by two tabs that are open.
   */
  readonly tab?: string
  /** Aborted before there is a session: `connect` rejects with `closed` and leaves nothing behind. */
  readonly signal?: AbortSignal
}

/** `since` and `retryAt` are this device's clock, ms since 1970; `retryAt` is undefined while an attempt is under way. */
export type SessionState =
  | {
      readonly status: 'connected'
      /** By long polling: something on the way does not let WebSockets through. Absent where they pass. */
      readonly polling?: true
    }
  | { readonly status: 'reconnecting'; readonly since: number; readonly retryAt: number | undefined }
  | { readonly status: 'closed'; readonly error: ClientError | undefined }

export interface SessionEvents {
  state: SessionState
  /** Somebody calls this person; also after a reload while it still rings. */
  incomingCall: CallHandle
  /** Somebody who is online came, changed or went; after {@link Session.watchPeople}. */
  presence: ReadonlyMap<string, Presence>
}

/** One connection to a Parley, with one identity. Survives lost networks and server restarts by itself. */
export interface Session extends Emitter<SessionEvents> {
  readonly id: string
  readonly identity: string
  readonly name: string | undefined
  /** The access token in use. In open mode made by the server: pass it to the next `connect` to stay the same person. */
  readonly token: string
  readonly state: SessionState
  readonly iceServers: readonly IceServer[]
  /** Of the server, as it said last. */
  readonly serverVersion: string
  /** How far this device's clock is ahead of the server's, ms; negative: behind. As exact as a message is quick. */
  readonly clockAheadMs: number
  /** Calls that ring or are accepted, by id. */
  readonly calls: ReadonlyMap<string, CallHandle>
  /** Who is online, by identity; empty until {@link Session.watchPeople}. */
  readonly people: ReadonlyMap<string, Presence>

  /** Who is inside a room, without joining. Throws {@link ClientError} `room-private`, `not-allowed`. */
  peek(room: string): Promise<RequestOutput<'room.peek'>>
  /** Takes a seat in a room. Throws {@link ClientError} `room-full`, `not-allowed`, `room-private`, …; `media-unsupported` where there is no WebRTC. */
  join(room: string, options?: JoinOptions): Promise<Room>
  /** Calls a person who is online. Throws `not-online`, `call-self`, `call-in-progress`, `media-unsupported`; busy is an outcome. */
  call(identity: string, media?: CallMedia): Promise<CallHandle>
  /** Appear among the people who are online (and so be callable), or stop to. Kept over reconnections. */
  setPresence(status: 'available' | 'away' | 'offline', name?: string): Promise<void>
  /** Start to hear who is online. */
  watchPeople(): Promise<Unsubscribe>
  /** While reconnecting: tries again at once instead of at `retryAt`. */
  reconnect(): void
  /** Leaves everything at once. */
  close(): void
}

export interface CallHandleEvents {
  changed: Call
  /** Accepted, here or on the other side; not fired in tabs where another tab answered. */
  accepted: Call
  ended: Call
}

/** A call that rings, runs or is over. `call.state` says which. */
export interface CallHandle extends Emitter<CallHandleEvents> {
  readonly call: Call
  readonly direction: 'incoming' | 'outgoing'
  /** Accepted in another tab or on another device of this person. */
  readonly answeredElsewhere: boolean
  /** Answers in this tab and joins the call's room. `audio` answers a video call without video. Throws `media-unsupported`. */
  accept(media?: CallMedia): Promise<Room>
  /** Waits for the other side to accept and joins the call's room; throws {@link CallEndedError} if it ends first. */
  joined(): Promise<Room>
  reject(message?: string): Promise<void>
  cancel(): Promise<void>
  hangUp(): Promise<void>
}

export interface JoinOptions {
  readonly name?: string
  readonly metadata?: string
  /** Counts for whoever makes the room. */
  readonly capacity?: number
  /** How media goes; counts for whoever makes the room. Default: as the server is set, usually `auto`. */
  readonly topology?: TopologyWish
  /** Aborted before the seat is taken: {@link Session.join} rejects with `closed`, and the seat is given up when it comes. */
  readonly signal?: AbortSignal
}

/** `since` is this device's clock, ms since 1970, here and in {@link ConnectionStatus}. */
export type RoomStatus =
  | { readonly status: 'connected' }
  | { readonly status: 'reconnecting'; readonly since: number }
  | ({ readonly status: 'ended' } & RoomEnd)

/** Why the seat is gone. With the session it goes for the session's reason: `error`, absent where the session was closed here. */
export interface RoomEnd {
  readonly reason: 'left' | 'removed' | 'closed' | 'session-closed'
  readonly error?: ClientError | undefined
}

/**
 * Why there is no media path: `server-unreachable`, media goes through the server, whose media port cannot be reached,
 * neither directly nor through a relay. Between two people: they never answered; `relay-only-…`: only relayed media is allowed here, and the server
 * offers no relay, it cannot be reached, or no path leads through it; else no direct path and no relay offered, no relay
 * reached, or none through it either.
 */
export type PathFailure =
  | 'server-unreachable'
  | 'no-answer'
  | 'relay-only-not-offered'
  | 'relay-only-unreachable'
  | 'relay-only-no-path'
  | 'relay-not-offered'
  | 'relay-unreachable'
  | 'no-path'

/** How the media path to one other participant is. Local participants are always `connected`. */
export type ConnectionStatus =
  | { readonly status: 'connecting'; readonly since: number }
  | { readonly status: 'connected' }
  | { readonly status: 'reconnecting'; readonly since: number }
  | {
      readonly status: 'failed'
      readonly since: number
      /** In plain words, English. */
      readonly reason: string
      /** The same to branch on or to translate, where it is one of the known reasons. */
      readonly code?: PathFailure | undefined
    }

/** An immutable picture of one track; a new object for every change. */
export interface TrackState extends Track {
  readonly kind: 'audio' | 'video'
  /** Undefined until it is agreed on, some moments before its first media, or while a muted camera is released. */
  readonly mediaTrack: MediaStreamTrack | undefined
  /** Through the SFU: the codec in which it is sent, where this browser cannot decode it; absent: it can, or nobody knows yet. */
  readonly undecodable?: string
}

/** An immutable picture of one participant; a new object for every change. */
export interface ParticipantState {
  readonly id: string
  readonly identity: string
  readonly name: string
  readonly metadata: string | undefined
  readonly local: boolean
  /** Since when the hand is up, server time in ms. */
  readonly hand: number | undefined
  readonly joinedAt: number
  /** Came by HTTP, without this SDK: a WHIP encoder that sends, a WHEP player that watches. */
  readonly via: 'whip' | 'whep' | undefined
  readonly tracks: readonly TrackState[]
  readonly connection: ConnectionStatus
  /** 4 = excellent, 1 = poor, undefined = not known yet; from loss, round trip and freezes. */
  readonly quality: 1 | 2 | 3 | 4 | undefined
}

/** An immutable picture of the room, made for rendering: compare by reference. */
export interface RoomState {
  readonly status: RoomStatus
  readonly name: string
  readonly capacity: number
  /** When the room was made, server time in ms. */
  readonly createdAt: number
  /**
   * How media goes: `mesh`, straight between people and encrypted end to end; `sfu`, some or all of it through the server,
   * which could read it.
   */
  readonly topology: RoomTopology
  readonly self: ParticipantState
  /** Everybody else in the order they joined. */
  readonly participants: readonly ParticipantState[]
  readonly messages: readonly ChatMessage[]
  /** What ails this device or its connection, for a while already; empty where all is well, or the browser does not tell. */
  readonly troubles: readonly Trouble[]
}

/**
 * What keeps sound and pictures from being good. `slow-encoding`, `slow-decoding`: this device is too slow for what it
 * sends, or for what it shows. `thin-uplink`, `thin-downlink`: its connection carries too little of what it sends, or of
 * what comes; between two people alone it may be the other's.
 */
export type Trouble = 'slow-encoding' | 'slow-decoding' | 'thin-uplink' | 'thin-downlink'

export interface RoomEvents {
  changed: RoomState
  joined: ParticipantState
  left: { readonly participant: ParticipantState; readonly reason: LeaveReason }
  chat: ChatMessage
  reaction: { readonly from: string; readonly emoji: string }
  /** A host muted this track of ours. */
  mutedByHost: { readonly source: TrackSource }
  /**
   * A track of ours ended by itself. A camera or microphone was unplugged, or may not be used any more: it is muted now, and
   * {@link LocalTrack.unmute} takes another one. Of a screen the sharing was stopped: it is unpublished.
   */
  trackEnded: { readonly source: TrackSource }
  /** Several times a second: loudness 0..1 by participant id, self included; absent = silent. */
  levels: ReadonlyMap<string, number>
  ended: RoomEnd
}

export interface Room extends Emitter<RoomEvents> {
  readonly name: string
  readonly state: RoomState
  /** Sends a track to everybody. A second publish of the same source replaces the first without renegotiating; a mute stays. */
  publish(source: TrackSource, mediaTrack: MediaStreamTrack, options?: PublishOptions): Promise<LocalTrack>
  readonly localTracks: ReadonlyMap<TrackSource, LocalTrack>
  /** Resolves when the server has the message; after a lost connection it is sent again, and kept once. */
  sendChat(text: string): Promise<ChatMessage>
  sendReaction(emoji: string): Promise<void>
  raiseHand(up: boolean): Promise<void>
  rename(name: string): Promise<void>
  /**
   * Which tracks the SFU sends us: what is listed changes, `auto` says whether the others come (at first they do). Kept over
   * reconnections. In a mesh everything comes.
   */
  subscribe(wishes: SubscriptionWishes): Promise<void>
  /** One measurement of each media path, newest; rates since the previous call of `stats`. */
  stats(): Promise<readonly PeerStats[]>
  /** Server time now, ms: for timers that agree with others. */
  serverNow(): number
  /** Tries failed media paths again at once. */
  retry(): void
  leave(): Promise<void>
}

export interface PublishOptions {
  readonly maxBitrateBps?: number
  readonly contentHint?: string
}

/** One of our tracks. The caller owns the MediaStreamTrack: nothing here stops it. */
export interface LocalTrack {
  readonly id: string
  readonly source: TrackSource
  readonly muted: boolean
  readonly mediaTrack: MediaStreamTrack
  /** Nothing is sent any more and everybody is told; no renegotiation. */
  mute(): Promise<void>
  /** Sends again, from another track where one is given (a camera that was released meanwhile). */
  unmute(mediaTrack?: MediaStreamTrack): Promise<void>
  /** Another device, in flight; no renegotiation. */
  replace(mediaTrack: MediaStreamTrack): Promise<void>
  unpublish(): Promise<void>
}

export interface TrackStats {
  readonly id: string
  readonly source: TrackSource
  readonly direction: 'in' | 'out'
  readonly codec: string | undefined
  readonly bitrateBps: number | undefined
  /** Share of packets lost since the last measurement, 0..1. */
  readonly loss: number | undefined
  readonly jitterMs: number | undefined
  readonly width: number | undefined
  readonly height: number | undefined
  readonly framesPerSecond: number | undefined
  readonly framesDecoded: number | undefined
  readonly freezeCount: number | undefined
  readonly totalAudioEnergy: number | undefined
  /** What holds back a picture we send (`qualityLimitationReason`, webrtc-stats §8.7); absent for what we receive. */
  readonly limitedBy?: 'none' | 'cpu' | 'bandwidth' | 'other' | undefined
  /** What a picture that we send was before it was encoded (`media-source`, webrtc-stats §8.5); absent for what we receive. */
  readonly capturedHeight?: number | undefined
  /** Of the frames captured since the last measurement, the share that was not encoded, 0..1; absent for what we receive. */
  readonly unencoded?: number | undefined
  /** Of the frames that came since the last measurement, the share that was not decoded, 0..1; absent for what we send. */
  readonly undecoded?: number | undefined
  /** Share of the time since the last measurement that this picture's codec took, 0..1: near 1, it cannot keep up. */
  readonly codecBusy?: number | undefined
}

export interface PeerStats {
  /** Through the SFU: our own id with what we send, theirs with what we receive. */
  readonly participant: string
  /** Undefined until a candidate pair is chosen. */
  readonly route: 'direct' | 'relayed' | undefined
  /** The transport to the peer, or to the relay: `udp`, `tcp`, `tls`. */
  readonly protocol: string | undefined
  readonly localCandidate: string | undefined
  readonly remoteCandidate: string | undefined
  readonly roundTripMs: number | undefined
  /** The congestion controller's estimate of what can be sent. */
  readonly availableOutBps: number | undefined
  readonly tracks: readonly TrackStats[]
}

export interface MicrophoneOptions {
  /** Exactly this device; without it the browser's default. */
  readonly deviceId?: string
  /** Default true, as are the next two. */
  readonly echoCancellation?: boolean
  readonly noiseSuppression?: boolean
  readonly autoGainControl?: boolean
}

export interface CameraOptions {
  /** Exactly this device; without it `facingMode`, and else the browser's default. */
  readonly deviceId?: string
  /** The front (`user`) or the back (`environment`) of a phone. */
  readonly facingMode?: 'user' | 'environment'
  /** Wished for, not demanded: pixels. Default 1280 x 720. */
  readonly width?: number
  readonly height?: number
  /** Wished for, not demanded: frames per second. Default 30. */
  readonly frameRate?: number
}

export interface ScreenOptions {
  /** Also ask for the sound of what is shared. Default false. */
  readonly audio?: boolean
}

/** What {@link ScreenOptions} brings: `audio` where the browser and the person shared sound too. */
export interface ScreenTracks {
  readonly video: MediaStreamTrack
  readonly audio: MediaStreamTrack | undefined
}

/** Codes that arise in the browser, beside the server's {@link ErrorCode}. */
export type ClientErrorCode =
  | ErrorCode
  | 'unreachable'
  | 'timeout'
  | 'closed'
  | 'call-ended'
  | 'bad-address'
  | 'token-failed'
  | 'media-denied'
  | 'media-dismissed'
  | 'media-missing'
  | 'media-busy'
  | 'media-overconstrained'
  | 'media-insecure'
  | 'media-unsupported'
  | 'media-failed'

/** Every error the SDK throws: a code to branch on, a sentence, and what to do. */
export interface ClientError extends Error {
  readonly code: ClientErrorCode
  readonly remedy: string
}
