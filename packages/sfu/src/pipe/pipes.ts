import type { PublishedMedia } from '../control.ts'
import type { PipeCarrier } from '../ports.ts'
import type { Alarms } from '../router/alarms.ts'
import type { RouterCounters } from '../router/counters.ts'
import type { Publication } from '../router/publication.ts'
import { IncomingPipe } from './incoming-pipe.ts'
import { OutgoingPipe } from './outgoing-pipe.ts'
import { PipeEnd, pipeHeaderLength, pipeNumberAt } from './pipe-end.ts'

export interface PipesOptions {
  /** Undefined: there are no other routers. */
  readonly carrier: PipeCarrier | undefined
  readonly alarms: Alarms
  readonly counters: RouterCounters
}

/** The ends of a router's pipes, by number. */
export class Pipes {
  readonly #options: PipesOptions
  readonly #outgoing = new Map<number, OutgoingPipe>()
  readonly #incoming = new Map<number, IncomingPipe>()

  constructor(options: PipesOptions) {
    this.#options = options
  }

  /** How many lead away from here. */
  get size(): number {
    return this.#outgoing.size
  }

  /** Hands a publication on. Throws without a carrier. */
  open(number: number, to: number, publication: Publication, now: number): void {
    const pipe = new OutgoingPipe(this.#end(number, to), publication, this.#options.counters)
    this.#outgoing.set(number, pipe)
    publication.attach(pipe, now)
  }

  close(number: number, now: number): void {
    this.#outgoing.get(number)?.close(now)
    this.#outgoing.delete(number)
  }

  /** A publication has ended, whether it came from here or through a pipe. */
  closeOf(publication: Publication, now: number): void {
    for (const [number, pipe] of this.#outgoing) if (pipe.publication === publication) this.close(number, now)
    for (const [number, pipe] of this.#incoming) if (pipe.publication === publication) this.#incoming.delete(number)
  }

  /** Makes the publication that comes by a pipe. Throws without a carrier. */
  accept(number: number, from: number, publication: number, media: PublishedMedia, now: number): IncomingPipe {
    const { alarms, counters } = this.#options
    const pipe = new IncomingPipe({ end: this.#end(number, from), publication, media, alarms, counters, now })
    this.#incoming.set(number, pipe)
    return pipe
  }

  receive(from: number, bytes: Uint8Array, start: number, end: number, now: number): void {
    if (!this.#take(from, bytes, start, end, now)) this.#options.counters.pipedBad++
  }

  #take(from: number, bytes: Uint8Array, start: number, end: number, now: number): boolean {
    if (end - start < pipeHeaderLength) return false
    const number = pipeNumberAt(bytes, start)
    const pipe = this.#incoming.get(number) ?? this.#outgoing.get(number)
    if (pipe?.end.peer !== from) return false
    const [kind, encoding] = [bytes[start + 4] as number, bytes[start + 5] as number]
    return pipe.receive(bytes, kind, encoding, start + pipeHeaderLength, end, now)
  }

  #end(number: number, peer: number): PipeEnd {
    const { carrier } = this.#options
    if (!carrier) throw new RangeError('this router has no way to others')
    return new PipeEnd(number, peer, carrier)
  }
}
