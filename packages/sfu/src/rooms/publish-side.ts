import type { IceCredentials } from '../control.ts'
import { NegotiationError } from '../sdp/negotiation-error.ts'
import { parseDescription } from '../sdp/parse.ts'
import { AnsweredLink } from './answered-link.ts'
import { Arrivals } from './arrivals.ts'
import type { Context } from './context.ts'
import { sameMedia } from './forwarding.ts'
import type { Publication } from './publication.ts'
import { PublishConnection, type SentTrack } from './publish-connection.ts'
import type { MediaBody } from './types.ts'

interface Current {
  readonly name: string
  readonly connection: PublishConnection
  readonly link: AnsweredLink
  /** Of what we said. */
  seq: number
}

export interface PublishEvents {
  /** The publications are others now; those that are over end on the worker after this returns. */
  readonly changed: () => void
  readonly republished: (publication: Publication) => void
}

/** What a participant sends: one connection at a time, and the publications on it. */
export class PublishSide {
  readonly #context: Context
  readonly #events: PublishEvents
  readonly #arrivals = new Arrivals()
  readonly #publications = new Map<string, Publication>()
  #current: Current | undefined

  constructor(context: Context, events: PublishEvents) {
    this.#context = context
    this.#events = events
  }

  /** In the order of their sections. */
  get publications(): readonly Publication[] {
    return [...this.#publications.values()]
  }

  get connection(): string | undefined {
    return this.#current?.name
  }

  /** @throws {NegotiationError} */
  receive({ connection, seq, signal }: MediaBody): void {
    const arrival = this.#arrivals.accept(connection, seq)
    if (arrival === 'stale') return
    if (signal.kind === 'close' && arrival === 'next') this.close()
    if (signal.kind !== 'description') return
    if (signal.description.type !== 'offer') {
      throw new NegotiationError('out-of-order', 'On the publish connection the client offers.')
    }
    const sdp = this.answer(connection, signal.description.sdp, seq)
    this.#say({ kind: 'description', description: { type: 'answer', sdp }, answers: seq })
  }

  /**
   * Answers an offer; one of another connection replaces that before.
   * @throws {NegotiationError} and nothing has changed.
   */
  answer(name: string, sdp: string, seq = 0): string {
    const offer = parseDescription(sdp)
    const { local, secrets } = this.#context
    const same = this.#current?.name === name ? this.#current : undefined
    const connection = same?.connection ?? new PublishConnection(local, secrets)
    const answered = connection.answer(offer)
    const current = same ?? this.#replace(name, connection, seq)
    if (answered.transport?.change === 'new') this.#endAll()
    if (answered.transport) current.link.apply(answered.transport)
    this.#reconcile(current.link.transport, answered.tracks)
    return answered.sdp
  }

  /** The connection is over, and not by the client's will. */
  lose(): void {
    this.#say({ kind: 'close' })
    this.close()
  }

  close(): void {
    const current = this.#current
    this.#current = undefined
    this.#arrivals.end()
    this.#endAll()
    current?.link.close()
  }

  /**
   * The client has new ICE credentials, told without an offer (RFC 9725 §4.3.3).
   * @returns Our answer as it is now; undefined: nothing is new.
   */
  restart(ice: IceCredentials, mayBeNew: boolean): string | undefined {
    const { connection, link } = this.#current ?? {}
    const restarted = connection?.restart(ice, mayBeNew)
    if (restarted?.transport.change !== 'restart') return undefined
    link?.apply(restarted.transport)
    return restarted.sdp
  }

  #replace(name: string, connection: PublishConnection, seq: number): Current {
    this.close()
    this.#arrivals.adopt(name, seq)
    this.#current = { name, connection, link: new AnsweredLink(this.#context, 'publish'), seq: 0 }
    return this.#current
  }

  #endAll(): void {
    const over = this.publications
    this.#publications.clear()
    this.#end(over)
  }

  #reconcile(transport: number | undefined, tracks: readonly SentTrack[]): void {
    const sent = new Map(tracks.map(track => [track.media.mid, track]))
    const over = this.publications.filter(({ media, track }) => {
      const now = sent.get(media.mid)
      return now?.track !== track || now.media.kind !== media.kind
    })
    for (const { media } of over) this.#publications.delete(media.mid)
    const started = tracks.filter(track => !this.#keep(track))
    for (const { track, media } of started) if (transport !== undefined) this.#start(track, media, transport)
    if (over.length > 0 || started.length > 0) this.#end(over)
  }

  /** Whether the track is published already; tells the worker if it is sent in another way now. */
  #keep({ media }: SentTrack): boolean {
    const publication = this.#publications.get(media.mid)
    if (!publication) return false
    if (sameMedia(publication.media, media)) return true
    publication.media = media
    this.#context.send({ is: 'republish', publication: publication.number, media })
    this.#events.republished(publication)
    return true
  }

  #start(track: string, media: SentTrack['media'], transport: number): void {
    const { participant, nextNumber, send } = this.#context
    const publication = { number: nextNumber(), participant, track, media }
    this.#publications.set(media.mid, publication)
    send({ is: 'publish', publication: publication.number, transport, media })
  }

  #end(over: readonly Publication[]): void {
    this.#events.changed()
    for (const { number } of over) this.#context.send({ is: 'unpublish', publication: number })
  }

  #say(signal: MediaBody['signal']): void {
    if (!this.#current) return
    const { name } = this.#current
    this.#context.say({ side: 'publish', connection: name, seq: this.#current.seq++, signal })
  }
}
