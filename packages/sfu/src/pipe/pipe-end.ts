import { setUint32At, uint32At } from '@parley/bytes'
import type { PipeCarrier } from '../ports.ts'

/** What crosses a pipe: from the publication, and back to it. */
export const pipeKinds = {
  /** RTP in the pipe's own numbering, otherwise as it was published. */
  packet: 0,
  /** The same, sent again. */
  repair: 1,
  /** The publisher's sender report: NTP time (8 bytes), RTP timestamp (4). */
  report: 2,
  /** A key frame is wanted. */
  keyFrame: 3,
  /** Sequence numbers that are missing, 2 bytes each. */
  nack: 4,
  /** A byte for each encoding: whether anybody there wants it. */
  demand: 5,
} as const

export type PipeKind = (typeof pipeKinds)[keyof typeof pipeKinds]

/** In front of each datagram: the pipe's number (4 bytes), the kind, and the index of the encoding that it is about. */
export const pipeHeaderLength = 6

/** The number of the pipe that a datagram belongs to; it is as long as its header. */
export function pipeNumberAt(bytes: Uint8Array, start: number): number {
  return uint32At(bytes, start)
}

/** One end of a pipe, as somebody who sends. */
export class PipeEnd {
  readonly number: number
  /** The router at the other end. */
  readonly peer: number
  readonly #carrier: PipeCarrier
  #start = 0

  constructor(number: number, peer: number, carrier: PipeCarrier) {
    this.number = number
    this.peer = peer
    this.#carrier = carrier
  }

  get outgoing(): Uint8Array {
    return this.#carrier.outgoing
  }

  /** Begins a datagram. Returns where in {@link outgoing} its body of so many bytes is to be written; then {@link send} it. */
  begin(kind: PipeKind, encoding: number, bytes: number): number {
    const at = this.#carrier.reserve(pipeHeaderLength + bytes)
    const { outgoing } = this.#carrier
    setUint32At(outgoing, at, this.number)
    outgoing[at + 4] = kind
    outgoing[at + 5] = encoding
    this.#start = at
    return at + pipeHeaderLength
  }

  /** @param end Where the body ends. */
  send(end: number): boolean {
    return this.#carrier.send(this.peer, this.#start, end)
  }
}
