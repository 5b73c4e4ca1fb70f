import type { Writer } from '@parley/bytes'

/** How one kind of RTCP packet is recognised, and how its body (all but the first four bytes) is read and written. */
export interface PacketType<T> {
  /** The payload type: 200 to 207. */
  readonly type: number
  /** The five bits that tell kinds of feedback apart (RFC 4585 §6.1). In other packets they hold {@link PacketType.count}. */
  readonly format?: number
  /** Whether the body is of this kind, where type and format are not enough to tell. */
  matches?(bytes: Uint8Array, start: number, end: number): boolean
  /** The body from `start` to `end`, without padding; undefined if it is malformed. */
  decode(bytes: Uint8Array, start: number, end: number, count: number): T | undefined
  /** Writes the body, a multiple of four bytes. Throws EncodeError. */
  encode(writer: Writer, value: T): void
  /** How many items the packet lists, for the five bits; 0 if left out. */
  count?(value: T): number
}

/** Who reports, and about which stream: what every feedback packet begins with (RFC 4585 §6.1). */
export interface FeedbackSource {
  readonly senderSsrc: number
  /** 0 where the packet's entries name the streams. */
  readonly mediaSsrc: number
}

/** Bytes of the two SSRCs at the beginning of feedback. */
export const feedbackSourceLength = 8

export function writeFeedbackSource(writer: Writer, { senderSsrc, mediaSsrc }: FeedbackSource): void {
  writer.uint32(senderSsrc)
  writer.uint32(mediaSsrc)
}
