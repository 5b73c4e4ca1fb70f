import type { MediaBody, UnservedTrack } from '@parley/protocol'
import { limits } from '@parley/protocol/limits'
import type { Codec } from '../sdp/model.ts'
import { NegotiationError } from '../sdp/negotiation-error.ts'
import { parseDescription } from '../sdp/parse.ts'
import { Abilities } from './abilities.ts'
import { Arrivals } from './arrivals.ts'
import type { Context } from './context.ts'
import type { NegotiatedTrack, Received, Wanted } from './negotiated-track.ts'
import { SubscribeConnection } from './subscribe-connection.ts'

interface Current {
  readonly name: string
  readonly connection: SubscribeConnection
  readonly transport: number
  /** Of what we say next. */
  seq: number
  /** Of the last offer. */
  offered: number
  /** What the client was told last of what is not sent, in JSON. */
  toldUnsent: string
}

/** What a participant receives. The connection is opened when there is a first track, and again after it was lost. */
export class SubscribeSide {
  readonly #context: Context
  readonly #arrivals = new Arrivals()
  readonly abilities = new Abilities()
  #wanted: readonly Wanted[] = []
  #current: Current | undefined
  /** The client closed the connection, and has not asked for another. */
  #refused = false

  constructor(context: Context) {
    this.#context = context
  }

  get connection(): string | undefined {
    return this.#current?.name
  }

  get unserved(): readonly NegotiatedTrack[] {
    return this.#current?.connection.undecodable ?? []
  }

  decodes(codec: Codec, kind: 'audio' | 'video'): boolean {
    return this.abilities.decodes(codec, kind)
  }

  get receiving(): readonly Received[] {
    return this.#current?.connection.receiving ?? []
  }

  want(wanted: readonly Wanted[]): void {
    this.#wanted = wanted
    this.#flush()
  }

  republished(publication: NegotiatedTrack): void {
    this.#current?.connection.republished(publication)
    this.#flush()
  }

  /** @throws {NegotiationError} */
  receive({ connection, seq, signal }: MediaBody): void {
    if (signal.kind === 'restart' && !this.#current) {
      this.#refused = false
      this.#flush()
      return
    }
    const current = this.#current
    if (!current || this.#arrivals.accept(connection, seq) !== 'next') return
    if (signal.kind === 'close') {
      this.#refused = true
      this.close()
    } else if (signal.kind === 'restart') {
      current.connection.restart()
      this.#flush()
    } else if (signal.kind === 'description') {
      if (signal.description.type !== 'answer') {
        throw new NegotiationError('out-of-order', 'On the subscribe connection the server offers.')
      }
      if (signal.answers !== undefined && signal.answers !== current.offered) return
      current.connection.answer(parseDescription(signal.description.sdp))
      this.#flush()
    }
  }

  /** What the client wants but cannot decode; empty when all is well again. */
  tellUnserved(tracks: UnservedTrack[]): void {
    this.#say({ kind: 'unserved', tracks })
  }

  /** The connection cannot come back, so another takes its place. */
  lose(): void {
    this.#say({ kind: 'close' })
    this.close()
    this.#flush()
  }

  close(): void {
    if (!this.#current) return
    const { transport, connection } = this.#current
    connection.want([])
    this.#current = undefined
    this.#arrivals.end()
    this.#context.send({ is: 'close', transport })
    this.#context.closed(transport)
  }

  #flush(): void {
    if (!this.#current && this.#wanted.length > 0 && !this.#refused) this.#open()
    const current = this.#current
    if (!current) return
    current.connection.want(this.#wanted)
    const offer = current.connection.offer()
    if (!offer) {
      if (!current.connection.waiting) this.#tellUnsent(current)
      return
    }
    current.offered = current.seq
    const { sdp, tracks } = offer
    this.#say({ kind: 'description', description: { type: 'offer', sdp }, tracks })
  }

  #tellUnsent(current: Current): void {
    const left = current.connection.unsent.slice(0, limits.mediaSections)
    const tracks = left.map(({ participant, track }) => ({ participant, track }))
    const told = JSON.stringify(tracks)
    if (told === current.toldUnsent) return
    current.toldUnsent = told
    this.#say({ kind: 'unsent', tracks })
  }

  #open(): void {
    const { secrets, nextNumber, opened } = this.#context
    const transport = nextNumber()
    const name = secrets.name()
    opened(transport, 'subscribe')
    const connection = new SubscribeConnection({ ...this.#context, transport, abilities: this.abilities })
    this.#current = { name, connection, transport, seq: 0, offered: -1, toldUnsent: '[]' }
    this.#arrivals.adopt(name, -1)
  }

  #say(signal: MediaBody['signal']): void {
    if (!this.#current) return
    const { name } = this.#current
    this.#context.say({ side: 'subscribe', connection: name, seq: this.#current.seq++, signal })
  }
}
