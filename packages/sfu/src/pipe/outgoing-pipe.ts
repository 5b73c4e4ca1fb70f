import { uint16At } from '@parley/bytes'
import type { RouterCounters } from '../router/counters.ts'
import type { Outlet, Publication } from '../router/publication.ts'
import type { TappedStream } from '../router/tap.ts'
import { type PipeEnd, pipeKinds } from './pipe-end.ts'
import { PipedStream } from './piped-stream.ts'

/** A publication on its way to another router: all of each stream that anybody there wants. What they ask for comes back. */
export class OutgoingPipe implements Outlet {
  readonly end: PipeEnd
  readonly publication: Publication
  readonly #counters: RouterCounters
  readonly #streams: (PipedStream | undefined)[] = []
  /** By encoding; undefined: nothing was said yet. */
  #wanted: readonly boolean[] = []

  constructor(end: PipeEnd, publication: Publication, counters: RouterCounters) {
    this.end = end
    this.publication = publication
    this.#counters = counters
  }

  wants(encoding: number): boolean {
    return this.#wanted[encoding] ?? true
  }

  opened(encoding: number, stream: TappedStream): void {
    this.#streams[encoding]?.stop()
    const repairs = this.publication.media.codecs.some(({ feedback }) => feedback.includes('nack'))
    const piped = new PipedStream({ stream, encoding, end: this.end, repairs, counters: this.#counters })
    this.#streams[encoding] = piped
    if (this.wants(encoding)) piped.start()
  }

  /** What came back. False: it makes no sense. */
  receive(bytes: Uint8Array, kind: number, encoding: number, start: number, end: number, now: number): boolean {
    const piped = this.#streams[encoding]
    if (kind === pipeKinds.demand)
      this.#demand(
        Array.from(bytes.subarray(start, end), byte => byte !== 0),
        now,
      )
    else if (kind === pipeKinds.keyFrame) piped?.stream.wantKeyFrame(now)
    else if (kind === pipeKinds.nack) piped?.repair(numbersAt(bytes, start, end), now)
    else return false
    return true
  }

  /** Hands nothing on any more; may be called twice. */
  close(now: number): void {
    for (const piped of this.#streams.splice(0)) piped?.stop()
    this.publication.detach(this, now)
  }

  #demand(wanted: readonly boolean[], now: number): void {
    const before = this.#streams.map((_, encoding) => this.wants(encoding))
    this.#wanted = wanted
    for (const [encoding, piped] of this.#streams.entries()) {
      const wants = this.wants(encoding)
      if (wants === before[encoding]) continue
      if (wants) piped?.start()
      else piped?.stop()
    }
    this.publication.weigh(now)
  }
}

function numbersAt(bytes: Uint8Array, start: number, end: number): number[] {
  return Array.from({ length: Math.floor((end - start) / 2) }, (_, i) => uint16At(bytes, start + 2 * i))
}
