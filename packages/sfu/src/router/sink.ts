import type { Handed, TappedStream } from './tap.ts'

/** Where what a follower has chosen goes to. It is given packets with their places in their stream, and is told of those left out. */
export interface Sink {
  /** It can take packets at present. */
  readonly ready: boolean
  /** Packets are of use again later. */
  readonly remembers: boolean
  /** Reads anew what was agreed, which has changed on either side. */
  compile(): void
  /** Whether it takes packets of this payload type. */
  accepts(payloadType: number): boolean
  /** From this packet on it is given another stream, or the same after a break. */
  follow(source: TappedStream, handed: Handed, now: number): void
  /** It is given nothing until it is told to follow something. */
  rest(): void
  /**
   * @param last The packet ends a picture, as far as it is sent.
   * @returns Whether it went out.
   */
  send(handed: Handed, last: boolean, now: number): boolean
  /** A packet that is not sent on purpose: nobody is to miss it. */
  omit(handed: Handed, now: number): void
  /** The time of what it is given is known from now on. */
  timelineKnown(now: number): void
}
