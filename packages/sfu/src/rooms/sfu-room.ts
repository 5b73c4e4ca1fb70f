import type { Speakers, UnservedTrack } from '@parley/protocol'
import type { FromMedia, ToMedia, Want } from '../control.ts'
import { describeCodec } from '../sdp/codecs.ts'
import type { Decoder } from './agreement.ts'
import type { NegotiatedTrack } from './negotiated-track.ts'
import type { Announced, Seat } from './seat.ts'

/** So many who spoke last are heard in a room of more: fewer than a connection has sections. */
const mostHeard = 48

/** The seats of a room. Decides who is sent what. */
export class SfuRoom {
  readonly name: string
  /** Where people sit as long as there is room, and where voices are judged. */
  readonly worker: number
  readonly seats = new Map<string, Seat>()
  /** The codec that arrives, by publication; undefined if nothing arrives. */
  readonly arriving = new Map<number, string | undefined>()
  /** The number by which the worker knows whose voices belong together. */
  readonly group: number
  readonly #send: (message: ToMedia) => void
  /** Who spoke last, in a room of many. */
  #recent: ReadonlySet<string> = new Set()
  /** Whose microphone it is, by publication. */
  readonly #voices = new Map<number, string>()

  constructor(name: string, worker: number, group: number, send: (message: ToMedia) => void) {
    this.name = name
    this.worker = worker
    this.group = group
    this.#send = send
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
    this.#updateVoices(announced)
  }

  /** Whose voices the worker reports. */
  speakers({ publications, speaking }: Extract<FromMedia, { is: 'speakers' }>): Speakers {
    const recent = this.#ownersOf(publications)
    const heard = this.seats.size > mostHeard ? recent.slice(0, mostHeard) : []
    if (heard.length !== this.#recent.size || heard.some(id => !this.#recent.has(id))) {
      this.#recent = new Set(heard)
      this.update()
    }
    return { recent, speaking: this.#ownersOf(speaking) }
  }

  #ownersOf(publications: readonly number[]): string[] {
    return [...new Set(publications.flatMap(publication => this.#voices.get(publication) ?? []))]
  }

  /** Tells the worker which publications are voices: microphones, and not the sound of a screen. */
  #updateVoices(announced: readonly Announced[]): void {
    const microphones = announced.filter(({ source }) => source === 'microphone')
    const present = new Set(microphones.map(({ publication }) => publication.number))
    for (const publication of this.#voices.keys()) {
      if (present.has(publication)) continue
      this.#voices.delete(publication)
      this.#send({ is: 'voice', publication, group: undefined })
    }
    for (const { publication } of microphones) {
      if (this.#voices.has(publication.number)) continue
      this.#voices.set(publication.number, publication.participant)
      this.#send({ is: 'voice', publication: publication.number, group: this.group })
    }
  }

  updateFor(seat: Seat): void {
    this.#update(seat, this.#announced())
  }

  #announced(): Announced[] {
    return [...this.seats.values()].flatMap(seat => seat.announced())
  }

  #update(seat: Seat, announced: readonly Announced[]): void {
    if (!seat.part.subscribe) return
    const wanted = announced.flatMap(({ publication, cname, encrypted }) => {
      const { participant, track } = publication
      const want = participant === seat.id ? undefined : seat.wishes.want(participant, track)
      const flows = this.arriving.get(publication.number) !== undefined
      return want ? { publication, cname, encrypted, want: this.#favoured(publication, want), flows } : []
    })
    seat.receiver.want(wanted)
  }

  /** Where there are more microphones than sections, those who spoke last are heard. */
  #favoured({ participant, media }: NegotiatedTrack, want: Want): Want {
    return media.kind === 'audio' && this.#recent.has(participant) ? { ...want, priority: 'high' } : want
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
