import type { DemandedTrack, MediaBody } from '@parley/protocol'
import type { IceCredentials } from '../control.ts'
import { withoutRedundancy } from '../sdp/codecs.ts'
import type { Codec } from '../sdp/model.ts'
import { NegotiationError } from '../sdp/negotiation-error.ts'
import { parseDescription } from '../sdp/parse.ts'
import { agree, type Decoder, served } from './agreement.ts'
import { AnsweredLink } from './answered-link.ts'
import { Arrivals } from './arrivals.ts'
import type { Context } from './context.ts'
import { same } from './forwarding.ts'
import type { NegotiatedTrack } from './negotiated-track.ts'
import { type PublishAnswering, PublishConnection, type SentTrack } from './publish-connection.ts'

/** How often a client is asked to offer again: if it has not offered anything better by then, it never will. */
const mostAsks = 8

interface Current {
  readonly name: string
  readonly connection: PublishConnection
  readonly link: AnsweredLink
  /** Of what we said. */
  seq: number
  /** All codecs that the client can send, by mid. */
  accepted: ReadonlyMap<string, readonly Codec[]>
  /** The client was asked to offer again, and has not yet. */
  asked: boolean
  asks: number
  /** The client was told what is wanted. */
  demanded: boolean
}

/** What a participant's publishing needs from, and tells, the rest of the room. */
export interface PublishEvents {
  /** Those who receive it, for what they can decode. */
  readonly receivers: () => readonly Decoder[]
  /** The codecs that the client lists, which it can also decode. */
  readonly listed: (kind: 'audio' | 'video', codecs: readonly Codec[]) => void
  /** The publications have changed. Those that are gone are ended on the worker after this returns. */
  readonly changed: () => void
  readonly republished: (publication: NegotiatedTrack) => void
}

/** What a participant sends: a connection, one at a time, and the publications on it. */
export class PublishSide {
  readonly #context: Context
  readonly #events: PublishEvents
  readonly #arrivals = new Arrivals()
  readonly #publications = new Map<string, NegotiatedTrack>()
  /** Which encodings are wanted, by publication; absent: all. */
  readonly #demand = new Map<number, readonly boolean[]>()
  #current: Current | undefined
  #encrypted = false

  constructor(context: Context, events: PublishEvents) {
    this.#context = context
    this.#events = events
  }

  /** In the order of their sections. */
  get publications(): readonly NegotiatedTrack[] {
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
    const before = this.publications
    const sdp = this.answer(connection, signal.description.sdp, { seq })
    this.#say({ kind: 'description', description: { type: 'answer', sdp }, answers: seq })
    // What was said of a track's publication before must not be taken for what is wanted of this one.
    if (this.#current?.demanded && this.publications.some(one => !before.includes(one))) this.#sayDemand()
  }

  /**
   * Answers an offer. If it names another connection, that replaces the one before.
   * @throws {NegotiationError} Nothing has changed then.
   */
  answer(name: string, sdp: string, { seq = 0, whole = false }: { seq?: number; whole?: boolean } = {}): string {
    const offer = parseDescription(sdp)
    const { local, secrets } = this.#context
    const same = this.#current?.name === name ? this.#current : undefined
    const connection = same?.connection ?? new PublishConnection(local, secrets)
    const choose: PublishAnswering['choose'] = (codecs, kind) => {
      const agreed = agree(codecs, kind, this.#events.receivers())
      return this.#encrypted ? agreed.map(withoutRedundancy) : agreed
    }
    const answered = connection.answer(offer, { choose, whole })
    const current = same ?? this.#replace(name, connection, seq)
    if (answered.transport?.change === 'new') this.#endAll()
    if (answered.transport) current.link.apply(answered.transport)
    current.accepted = new Map(answered.tracks.map(({ media, accepted }) => [media.mid, accepted]))
    current.asked = false
    if (!whole) for (const { media, accepted } of answered.tracks) this.#events.listed(media.kind, accepted)
    this.#reconcile(current.link.transport, answered.tracks)
    return answered.sdp
  }

  /** What it sends is encrypted end to end, so that RED cannot be taken apart. */
  set encrypted(encrypted: boolean) {
    this.#encrypted = encrypted
    if (!encrypted) return
    for (const { media } of this.publications) {
      this.#keep({ ...media, codecs: media.codecs.map(withoutRedundancy) })
    }
  }

  /** Whether the client was asked to send something else, and has not offered yet. */
  get asked(): boolean {
    return this.#current?.asked ?? false
  }

  /** Whether the client has signalling, and could send something that this receiver can decode. */
  couldServe({ media }: NegotiatedTrack, receiver: Decoder): boolean {
    const { accepted, asks = mostAsks } = this.#current ?? {}
    if (asks >= mostAsks || this.connection === 'whip') return false
    return accepted?.get(media.mid)?.some(codec => receiver.decodes(codec, media.kind)) ?? false
  }

  /** Asks the client to offer again, if more receivers can decode another of its codecs than what it sends. */
  reconsider(): void {
    const current = this.#current
    if (!current || current.asked || current.asks >= mostAsks || current.name === 'whip') return
    const receivers = this.#events.receivers()
    const better = this.publications.some(({ media: { kind, mid, codecs } }) => {
      const now = served(codecs[0], kind, receivers)
      if (now === receivers.length) return false
      const [best] = agree(current.accepted.get(mid) ?? [], kind, receivers)
      return served(best, kind, receivers) > now
    })
    if (!better) return
    current.asked = true
    current.asks++
    this.#say({ kind: 'reoffer' })
  }

  /** Tells the client which encodings of a publication anybody wants. Who has no signalling goes on sending all. */
  demand(publication: number, layers: readonly boolean[]): void {
    const current = this.#current
    if (!current || current.name === 'whip' || !this.publications.some(({ number }) => number === publication)) return
    this.#demand.set(publication, layers)
    current.demanded = true
    this.#sayDemand()
  }

  /** Always about everything, so that one message makes up for another. */
  #sayDemand(): void {
    const tracks = this.publications.map(({ number, track, media }): DemandedTrack => {
      const layers = this.#demand.get(number)
      const encodings = media.encodings.map(({ rid }, index) => ({
        ...(rid !== undefined && { rid }),
        active: layers?.[index] ?? true,
      }))
      return { track, encodings }
    })
    this.#say({ kind: 'demand', tracks })
  }

  /** The connection has ended, and the client did not close it. */
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
   * Takes new ICE credentials of the client without an offer (RFC 9725 §4.3.3).
   * @returns Our answer as it is then; undefined if they are not new.
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
    this.#current = {
      name,
      connection,
      link: new AnsweredLink(this.#context, 'publish'),
      seq: 0,
      accepted: new Map(),
      asked: false,
      asks: 0,
      demanded: false,
    }
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
    const started = tracks.filter(({ media }) => !this.#keep(media))
    for (const { track, media } of started) if (transport !== undefined) this.#start(track, media, transport)
    if (over.length > 0 || started.length > 0) this.#end(over)
  }

  /** Whether the track is published already. If it is now sent in another way, tells the worker. */
  #keep(media: SentTrack['media']): boolean {
    const publication = this.#publications.get(media.mid)
    if (!publication) return false
    if (same(publication.media, media)) return true
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

  #end(over: readonly NegotiatedTrack[]): void {
    this.#events.changed()
    for (const { number } of over) {
      this.#demand.delete(number)
      this.#context.send({ is: 'unpublish', publication: number })
    }
  }

  #say(signal: MediaBody['signal']): void {
    if (!this.#current) return
    const { name } = this.#current
    this.#context.say({ side: 'publish', connection: name, seq: this.#current.seq++, signal })
  }
}
