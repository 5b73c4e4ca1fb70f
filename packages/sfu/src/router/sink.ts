import type { RtpPacket } from '@parley/rtp'
import type { PublishedCodec } from '../control.ts'
import type { FrameInfo } from './frame-info.ts'
import type { SourceReport } from './source-stream.ts'

/** The time that a stream's timestamps mean. */
export interface Timeline {
  /** Another one where timestamps before and after have nothing to do with each other. */
  readonly timeline: object
  readonly senderReport: SourceReport | undefined
}

/** A stream that remembers what it has handed on. */
export interface Recall {
  /** Lays the view over a packet that came before; false: it is gone. */
  recall(place: number, view: RtpPacket, now: number): boolean
}

/** Where what a follower has chosen goes to. It is given packets with their places in their stream, and is told of those left out. */
export interface Sink {
  /** It can take packets at present. */
  readonly ready: boolean
  /** Packets are of use again later. */
  readonly remembers: boolean
  /** Whether it takes packets of this payload type. */
  accepts(payloadType: number): boolean
  /** From this packet on it is given another stream, or the same after a break. */
  follow(source: Timeline & Recall, packet: RtpPacket, frame: FrameInfo, codec: PublishedCodec, place: number, now: number): void
  /** @returns Whether it went out. */
  send(packet: RtpPacket, frame: FrameInfo, place: number, last: boolean, now: number): boolean
  /** A packet that is not sent on purpose: nobody is to miss it. */
  omit(packet: RtpPacket, frame: FrameInfo, place: number, now: number): void
  /** The time of what it is given is known from now on. */
  timelineKnown(now: number): void
}
