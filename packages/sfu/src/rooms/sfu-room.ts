import type { UnservedTrack } from '@parley/protocol'
import { describeCodec } from '../sdp/codecs.ts'
import type { Decoder } from './agreement.ts'
import type { NegotiatedTrack } from './negotiated-track.ts'
import type { Announced, Seat } from './seat.ts'
import type { MediaWorker } from './types.ts'

/** The seats of a room, all on one worker. Decides who is sent what. */
export class SfuRoom {
  readonly name: string
  readonly worker: number
  readonly seats = new Map<string, Seat>()
  /** The codec that arrives, by publication; undefined if nothing arrives. */
  readonly arriving = new Map<number, string | undefined>()

  constructor(name: string, worker: number) {
    this.name = name
    this.worker = worker
  }

  /** A publication has begun to arrive, or stopped, so players may choose another. */
  arrives(publication: number, codec: string | undefined): void {
    const changes = (this.arriving.get(publication) === undefined) !== (codec === undefined)
    this.arriving.set(publication, codec)
    if (!changes) return
    const announced = this.#announced()
    for (const seat of this.seats.values()) if (seat.player) this.#update(seat, announced)
  }

  /** Which encodings of a publication anybody wants. */
  demand(publication: number, layers: readonly boolean[]): void {
    for (const { publishing } of this.seats.values()) publishing.demand(publication, layers)
  }

  /** Brings what everybody receives up to date with what there is and what they want. */
  update(): void {
    const announced = this.#announced()
    for (const seat of this.seats.values()) this.#update(seat, announced)
  }

  updateFor(seat: Seat): void {
    this.#update(seat, this.#announced())
  }

  #announced(): Announced[] {
    return [...this.seats.values()].flatMap(seat => seat.announced())
  }

  #update(seat: Seat, announced: readonly Announced[]): void {
    if (!seat.part.subscribe) return
    const wanted = announced.flatMap(({ publication, cname }) => {
      const { participant, track } = publication
      const want = participant === seat.id ? undefined : seat.wishes.want(participant, track)
      const flows = this.arriving.get(publication.number) !== undefined
      return want ? { publication, cname, want, flows } : []
    })
    seat.receiver.want(wanted)
  }

  /** Those who receive, or may come to receive, what somebody sends. */
  receiversOf(participant: string): Decoder[] {
    return [...this.seats.values()].flatMap(seat => (seat.follows(participant) ? seat.receiver : []))
  }

  /** Asks publishers to offer again if more receivers could then decode what they send. */
  reconsider(): void {
    for (const { publishing } of this.seats.values()) publishing.reconsider()
  }

  /** What somebody wants but cannot decode, except for publishers who have just been asked to send something else. */
  unserved({ receiver }: Seat): UnservedTrack[] {
    return receiver.unserved.flatMap(({ participant, track, media }) =>
      this.seats.get(participant)?.publishing.asked
        ? []
        : { participant, track, codecs: media.codecs.map(describeCodec) },
    )
  }

  republished(publication: NegotiatedTrack): void {
    for (const { receiver } of this.seats.values()) receiver.republished(publication)
  }

  leave(seat: Seat): void {
    this.seats.delete(seat.id)
    seat.close()
    for (const { wishes } of this.seats.values()) wishes.forget(seat.id)
    this.update()
  }
}

/** The worker with the fewest seats. */
export function leastLoaded(workers: readonly MediaWorker[], rooms: Iterable<SfuRoom>): number {
  const seats = workers.map(() => 0)
  for (const { worker, seats: taken } of rooms) seats[worker] = (seats[worker] ?? 0) + taken.size + 1
  return seats.indexOf(Math.min(...seats))
}
