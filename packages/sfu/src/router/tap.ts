import type { NtpTime, RtpPacket } from '@parley/rtp'
import type { PublishedCodec } from '../control.ts'
import type { FrameInfo } from './frame-info.ts'
import type { RedMaker } from './red/red-maker.ts'

/** The publisher's last sender report. */
export interface SourceReport {
  readonly ntp: NtpTime
  readonly rtpTimestamp: number
  readonly clockRate: number
  /** When it came, ms. */
  readonly at: number
}

/** A stream of packets, as those see it that it hands them to. */
export interface TappedStream {
  /** Another one where timestamps before and after have nothing to do with each other. */
  readonly timeline: object
  readonly senderReport: SourceReport | undefined
  /** Of the last packet; undefined before the first. */
  readonly codec: PublishedCodec | undefined
  /** Of the packets that were handed on. */
  readonly highestPlace: number
  /** There is a history to make up for missing packets from. */
  readonly remembers: boolean
  /** Makes RED of what it hands on; from when it is first asked for, it remembers what was before. */
  readonly redMaker: RedMaker
  /** Lays the view over a packet that came before; false: it is gone. */
  recall(place: number, view: RtpPacket, now: number): boolean
  /** Hands it packets from now on. */
  add(tap: Tap): void
  /** Hands it packets no more. */
  remove(tap: Tap): void
  /** Keeps a history if it is of use to this tap. */
  rememberFor(tap: Tap): void
  /** It begins with a late packet, and is to have what came after it, too. */
  behind(tap: Tap): void
  /** A picture is to begin here soon; of no effect if there is no tap to begin. */
  wantKeyFrame(now: number): void
  /** A subscriber has no picture to go on from. Said too early to know of the last key frame, it asks for no other. */
  pictureLost(roundTripMs: number, now: number): void
}

/** A packet as a stream hands it on; it and all that is in it are the stream's until the call returns. */
export interface Handed {
  readonly packet: RtpPacket
  readonly codec: PublishedCodec
  readonly frame: FrameInfo
  /** Where it lies in the stream; what comes late comes out of order. */
  readonly place: number
}

/** Somebody to whom a stream hands its packets, each once. */
export interface Tap {
  /** Packets are of use again after they were handed over, so that a history is to be kept. */
  readonly remembers: boolean
  /** It waits for a packet of this payload type to begin with. */
  waitsFor(stream: TappedStream, payloadType: number): boolean
  /** @returns Whether the packet went out to a subscriber. */
  take(stream: TappedStream, handed: Handed, now: number): boolean
  /** What comes next does not go on from what was. */
  restarted(stream: TappedStream): void
  /** The stream's timestamps can be told in wall-clock time now. */
  timelineKnown(stream: TappedStream, now: number): void
  /** The stream is no more. */
  ended(stream: TappedStream): void
}
