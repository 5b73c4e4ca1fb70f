import type {
  Call,
  CallMedia,
  ChatMessage,
  IceServer,
  LeaveReason,
  NetworkQuality,
  Presence,
  QualityReason,
  RequestOutput,
  RoomTopology,
  Speakers,
  SubscriptionWishes,
  TopologyWish,
  Track,
  TrackSource,
} from '@parley/protocol'
import type { Board } from './board/types.ts'
import type { Emitter, Unsubscribe } from './emitter.ts'
import type { ClientError } from './error.ts'
import type { RoomFiles } from './files/types.ts'
import type { PeerStats, Trouble } from './stats/types.ts'

export type { Emitter, Unsubscribe } from './emitter.ts'
export type { ClientError, ClientErrorCode } from './error.ts'

export interface ConnectOptions {
  /** An access token, or how to get a fresh one: asked again on every reconnection. Not needed in open mode. */
  readonly token?: string | (() => string | Promise<string>)
  /** The name that others see, unless the token sets one. */
  readonly name?: string
  /** `relay` sends all media through TURN. Default `all`. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy
  /** How long to try to connect at first, before `unreachable`. Default 15,000 ms. */
  readonly timeoutMs?: number
  /**
   * An id by which this browser tab is recognised after a reload: the new page replaces the old one at once. Two open tabs must
   * not share it.
   */
  readonly tab?: string
  /** Makes the worker that keeps files (`src/files/file-worker.ts`); for bundlers that do not know `new Worker(new URL(…))`. */
  readonly filesWorker?: () => Worker
  /** If aborted before there is a session, `connect` rejects with `closed` and leaves nothing behind. */
  readonly signal?: AbortSignal
}

/** `since` and `retryAt` are this device's clock, ms since 1970; `retryAt` is undefined while an attempt is under way. */
export type SessionState =
  | {
      readonly status: 'connected'
      /** The session uses long polling, because something on the way blocks WebSockets. Absent otherwise. */
      readonly polling?: true
    }
  | { readonly status: 'reconnecting'; readonly since: number; readonly retryAt: number | undefined }
  | { readonly status: 'closed'; readonly error: ClientError | undefined }

export interface SessionEvents {
  state: SessionState
  /** Somebody calls this person. Also fires after a reload while the call still rings. */
  incomingCall: CallHandle
  /** The people who are online have changed; only after {@link Session.watchPeople}. */
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
  /** The server's version, as it last reported it. */
  readonly serverVersion: string
  /** How far this device's clock is ahead of the server's, ms; negative if behind. Off by as long as a message takes. */
  readonly clockAheadMs: number
  /** Ringing and accepted calls, by id. */
  readonly calls: ReadonlyMap<string, CallHandle>
  /** Who is online, by identity; empty until {@link Session.watchPeople}. */
  readonly people: ReadonlyMap<string, Presence>

  /** Who is inside a room, without joining. Throws {@link ClientError} `room-private`, `not-allowed`. */
  peek(room: string): Promise<RequestOutput<'room.peek'>>
  /** Takes a seat in a room. Throws {@link ClientError} `room-full`, `not-allowed`, `room-private`, …; `media-unsupported` where there is no WebRTC. */
  join(room: string, options?: JoinOptions): Promise<Room>
  /** Calls a person who is online. Throws `not-online`, `call-self`, `call-in-progress`, `media-unsupported`; busy is an outcome. */
  call(identity: string, media?: CallMedia): Promise<CallHandle>
  /** Go online, so that others see and can call this person, or offline. Kept over reconnections. */
  setPresence(status: 'available' | 'away' | 'offline', name?: string): Promise<void>
  /** Start to be told who is online. */
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

/** A call that is ringing, accepted or over; see `call.state`. */
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
  /** Used only if this join makes the room. */
  readonly capacity?: number
  /** The room's topology; used only if this join makes the room. Default: the server's setting, usually `auto`. */
  readonly topology?: TopologyWish
  /** Encrypts media end to end, so that not even the server can see or hear it. Default: nothing but what WebRTC does itself. */
  readonly e2ee?: E2eeOptions
  /** If aborted before the room is joined, {@link Session.join} rejects with `closed`, and the seat is given up once it is there. */
  readonly signal?: AbortSignal
}

/** End-to-end encryption with SFrame (RFC 9605): whoever has the same secret sees and hears, and nobody else. */
export interface E2eeOptions {
  /**
   * What everybody in the room has to have: 128 random bits, as `createE2eeSecret()` makes them, and no password. It never leaves
   * the browser; bring it to others by a way that the server does not see, such as the fragment of a link.
   */
  readonly secret: string
  /** Makes the worker in which frames are encrypted; for bundlers that do not know `new Worker(new URL(…))`. */
  readonly worker?: () => Worker
}

/**
 * Whether a participant's media is encrypted end to end, on top of what WebRTC does itself.
 * - `off`: it is not, and we have no secret.
 * - `pending`: we have a secret, and have no key of theirs yet.
 * - `on`: encrypted, and we have the key.
 * - `wrong-key`: encrypted with another secret than ours. Nothing is played.
 * - `no-key`: encrypted, and we have no secret. Nothing is played.
 * - `plain`: we have a secret, and they send without encryption. Nothing is played.
 */
export type EncryptionState = 'off' | 'pending' | 'on' | 'wrong-key' | 'no-key' | 'plain'

/** `since` is this device's clock, ms since 1970, here and in {@link ConnectionStatus}. */
export type RoomStatus =
  | { readonly status: 'connected' }
  | { readonly status: 'reconnecting'; readonly since: number }
  | ({ readonly status: 'ended' } & RoomEnd)

/**
 * Why we are no longer in the room. If the session ended, or the seat was refused when we came back, `error` says why; it is absent if
 * the session was closed here.
 */
export interface RoomEnd {
  readonly reason: 'left' | 'removed' | 'closed' | 'session-closed'
  readonly error?: ClientError | undefined
}

/**
 * Why there is no media path.
 * - `server-unreachable`: media goes through the server, and its media port cannot be reached, directly or through a relay.
 * - `no-answer`: the other person has never answered.
 * - `relay-only-…`: only relayed media is allowed, and the server offers no relay, the relay cannot be reached, or no path
 *   leads through it.
 * - `relay-not-offered`, `relay-unreachable`, `no-path`: there is no direct path, and the server offers no relay, the relay
 *   cannot be reached, or no path leads through it either.
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

/** The state of the media path to another participant. Local participants are always `connected`. */
export type ConnectionStatus =
  | { readonly status: 'connecting'; readonly since: number }
  | { readonly status: 'connected' }
  | { readonly status: 'reconnecting'; readonly since: number }
  | {
      readonly status: 'failed'
      readonly since: number
      /** In plain English. */
      readonly reason: string
      /** The same as a code, to branch on or to translate, if it is one of the known reasons. */
      readonly code?: PathFailure | undefined
    }

/** An immutable snapshot of one track; every change makes a new object. */
export interface TrackState extends Track {
  readonly kind: 'audio' | 'video'
  /** Undefined until it has been negotiated (its first media comes a little later), and while a muted camera is released. */
  readonly mediaTrack: MediaStreamTrack | undefined
  /** The codec in which the SFU would send it, if this browser cannot decode that. Absent if it can, or if it is not known yet. */
  readonly undecodable?: string
  /** It is wanted and not sent: more tracks are wanted than one connection carries. Pausing others makes room. Else absent. */
  readonly unsent?: true
}

/** An immutable snapshot of one participant; every change makes a new object. */
export interface ParticipantState {
  readonly id: string
  readonly identity: string
  readonly name: string
  readonly metadata: string | undefined
  readonly local: boolean
  /** When the hand was raised, server time in ms. */
  readonly hand: number | undefined
  /** Since when they record the meeting on their device, server time in ms; see {@link Room.setRecording}. */
  readonly recording: number | undefined
  readonly joinedAt: number
  /** Set for participants that came over HTTP: a WHIP encoder, which sends, or a WHEP player, which watches. */
  readonly via: 'whip' | 'whep' | undefined
  readonly tracks: readonly TrackState[]
  readonly connection: ConnectionStatus
  readonly encryption: EncryptionState
  /** 4 = excellent, 1 = poor, undefined = not known yet; from loss, round trip and freezes. */
  readonly quality: 1 | 2 | 3 | 4 | undefined
  /** What the quality is below 4 for, and on whose side, where the server measures it (with the SFU). */
  readonly qualityReason: QualityReason | undefined
  /** What the server measured alone, without what was measured here; undefined in a mesh, and until it has. */
  readonly serverQuality: NetworkQuality | undefined
}

/** An immutable snapshot of the room, made for rendering: compare by reference. */
export interface RoomState {
  readonly status: RoomStatus
  readonly name: string
  readonly capacity: number
  /** When the room was made, server time in ms. */
  readonly createdAt: number
  /**
   * The room's topology. `mesh`: media goes directly between people, encrypted end to end. `sfu`: some or all of it goes through
   * the server, which could read it unless it is {@link RoomState.encrypted}.
   */
  readonly topology: RoomTopology
  /** Whether what we send is encrypted end to end with a secret (`e2ee`); what comes, see {@link ParticipantState.encryption}. */
  readonly encrypted: boolean
  readonly self: ParticipantState
  /** Everybody else, in the order in which they joined. */
  readonly participants: readonly ParticipantState[]
  readonly messages: readonly ChatMessage[]
  /**
   * Who speaks, by participant id, ourselves included. With the SFU the server says it, also of those who are not received. In a
   * mesh it goes by what is heard here, while somebody listens to `speakers` or `levels`.
   */
  readonly speakers: Speakers
  /** Lasting problems of this device or its connection. Empty if all is well, or if the browser does not tell. */
  readonly troubles: readonly Trouble[]
}

/** What {@link Room.sendMessage} sends. */
export interface RoomMessage {
  /** Who sent it: a participant's id. */
  readonly from: string
  readonly topic: string
  readonly body: string
}

export interface RoomEvents {
  changed: RoomState
  joined: ParticipantState
  left: { readonly participant: ParticipantState; readonly reason: LeaveReason }
  chat: ChatMessage
  reaction: { readonly from: string; readonly emoji: string }
  /** A message of the application; see {@link Room.sendMessage}. */
  message: RoomMessage
  /** A host muted this track of ours. */
  mutedByHost: { readonly source: TrackSource }
  /**
   * A track of ours has ended by itself. If a camera or microphone was unplugged, or may not be used any more, it is muted now,
   * and {@link LocalTrack.unmute} accepts another one. If the sharing of a screen was stopped, it is unpublished.
   */
  trackEnded: { readonly source: TrackSource }
  /** Several times a second: loudness from 0 to 1 by participant id, including our own; silent participants are absent. */
  levels: ReadonlyMap<string, number>
  /** Another one speaks, or somebody is silent now: `state.speakers` has changed. */
  speakers: Speakers
  ended: RoomEnd
}

export interface Room extends Emitter<RoomEvents> {
  readonly name: string
  readonly state: RoomState
  /**
   * Sends a track to everybody. Publishing the same source again replaces the track without renegotiating; if it was muted, it
   * stays muted.
   */
  publish(source: TrackSource, mediaTrack: MediaStreamTrack, options?: PublishOptions): Promise<LocalTrack>
  readonly localTracks: ReadonlyMap<TrackSource, LocalTrack>
  /** The whiteboard that everybody in the room shares. */
  readonly board: Board
  /** Resolves when the server has the message. It survives a lost connection, and arrives only once. */
  sendChat(text: string): Promise<ChatMessage>
  sendReaction(emoji: string): Promise<void>
  /**
   * Sends a message of the application to everybody else, or to one participant; they get it as `message`. It survives a lost
   * connection, and reaches those who are in the room now. In an encrypted room the server cannot read it.
   * @param topic Letters, digits, `.`, `_` and `-`; what begins with `parley.` is ours.
   * @param body Up to 16,384 characters, three quarters of that in an encrypted room.
   */
  sendMessage(topic: string, body: string, to?: string): Promise<void>
  readonly files: RoomFiles
  raiseHand(up: boolean): Promise<void>
  rename(name: string): Promise<void>
  /**
   * Tells everybody, whoever comes later too, that this device records the meeting, or does so no more. Only tells: `record` of
   * `@parley/recording` does both. Kept over reconnections; ends with the seat.
   */
  setRecording(on: boolean): Promise<void>
  /**
   * Chooses which tracks the SFU sends us. The listed tracks change; `auto` decides about all the others, which are sent unless
   * it is false. Kept over reconnections. In a mesh, everything is sent.
   */
  subscribe(wishes: SubscriptionWishes): Promise<void>
  /**
   * Says that a track of somebody else is shown in an element: from now on the SFU sends the picture about as large as it is
   * there, and none while it is out of sight. Of several views of a track, the largest and most important counts. Once there was
   * a view, pictures without one are not sent, so use it for all or for none. Close it when the element goes. What is shown in no
   * element, such as a picture that is recorded, has a size in pixels instead, and is in sight all the time.
   */
  view(participant: string, track: string, place: HTMLElement | PictureSize, options?: ViewOptions): TrackView
  /** Measures each media path now; rates are since the previous call of `stats`. */
  stats(): Promise<readonly PeerStats[]>
  /** The server's time, ms: for timers that everybody in the room agrees on. */
  serverNow(): number
  /** Retries failed media paths at once. */
  retry(): void
  leave(): Promise<void>
}

/** In device pixels. */
export interface PictureSize {
  readonly width: number
  readonly height: number
}

export interface ViewOptions {
  /** Whose picture stays good for longest when not everything fits. Default `normal`. */
  readonly priority?: 'low' | 'normal' | 'high'
  /** At most these layers, counted from the lowest, 0, whatever would fit. */
  readonly layer?: { readonly spatial?: number; readonly temporal?: number }
}

/** One place where a track is shown; see {@link Room.view}. */
export interface TrackView {
  change(options: ViewOptions): void
  close(): void
}

/**
 * How a track is sent. `simulcast`, `scalabilityMode` and `codec` are for pictures through the SFU, `red` and `dtx` for sound through
 * it; all of these stay as published first.
 */
export interface PublishOptions {
  /** Of the best picture, if there are several. Default: by its size, and by how many peers are sent it. */
  readonly maxBitrateBps?: number
  /** What it shows (mst-content-hint §3): `motion`, `detail`, `text`; `speech`, `music`. Default for a screen: `detail`. */
  readonly contentHint?: string
  /**
   * Whether the picture is sent in up to three sizes, of which everybody gets the one that they can use; a screen in two. Sizes
   * that nobody wants are not encoded. Default true.
   */
  readonly simulcast?: boolean
  /**
   * How each encoding is layered (webrtc-svc §3.2), where the browser can. Default `L1T3`, three frame rates. One with several
   * sizes, such as `L3T3_KEY`, takes the place of simulcast, and needs VP9 or AV1.
   */
  readonly scalabilityMode?: string
  /**
   * The only codec to send it in, if the browser can: who cannot decode it will not see it ({@link TrackState.undecodable}).
   * Default: what all receivers can decode; for SVC, VP9.
   */
  readonly codec?: 'vp8' | 'vp9' | 'h264' | 'h265' | 'av1'
  /**
   * Whether each packet of sound repeats the one before (RED, RFC 2198), where the browser can, so that the loss of one on the way to
   * the SFU is not heard. Costs as much again of the uplink, and nothing of others' downlinks. Default: for a microphone, unless its
   * content is `music`. Never where frames are encrypted end to end.
   */
  readonly red?: boolean
  /** Whether next to nothing is sent while all is silent (DTX, RFC 7587 §3.1.3). Default: as `red`. */
  readonly dtx?: boolean
  /** What gives way first when the device or its connection is too slow. Default: the browser's; a screen keeps its resolution. */
  readonly degradationPreference?: 'maintain-framerate' | 'maintain-resolution' | 'balanced'
}

/** One of our tracks. The MediaStreamTrack stays the caller's: nothing here stops it. */
export interface LocalTrack {
  readonly id: string
  readonly source: TrackSource
  readonly muted: boolean
  readonly mediaTrack: MediaStreamTrack
  /** Stops sending and tells everybody; does not renegotiate. */
  mute(): Promise<void>
  /** Sends again; from another track if one is given, for instance if the camera was released meanwhile. */
  unmute(mediaTrack?: MediaStreamTrack): Promise<void>
  /** Switches to another device; does not renegotiate. */
  replace(mediaTrack: MediaStreamTrack): Promise<void>
  unpublish(): Promise<void>
}
