import type { PublishedCodec } from '../control.ts'
import type { FrameInfo } from './frame-info.ts'
import type { SourceStream } from './source-stream.ts'
import type { RtpPacket } from '@parley/rtp'

/** Somebody to whom a stream hands its packets, each once. */
export interface Tap {
  /** Packets are of use again after they were handed over, so that a history is to be kept. */
  readonly remembers: boolean
  /** It waits for a packet of this payload type to begin with. */
  waitsFor(stream: SourceStream, payloadType: number): boolean
  /**
   * A packet, which lies in this place of the stream; those that come late come out of order. The packet is the stream's until this returns.
   * @returns Whether it went out.
   */
  take(stream: SourceStream, packet: RtpPacket, frame: FrameInfo, codec: PublishedCodec, place: number, now: number): boolean
  /** What comes next does not go on from what was. */
  restarted(stream: SourceStream): void
  /** The stream's timestamps can be told in wall-clock time now. */
  timelineKnown(stream: SourceStream, now: number): void
  /** The stream is no more. */
  ended(stream: SourceStream): void
}
