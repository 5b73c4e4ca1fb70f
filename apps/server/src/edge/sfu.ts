import { randomBytes } from 'node:crypto'
import { track as trackSchema } from '@parley/protocol'
import type { Fingerprint, FromMedia, RoomsCounters, ToMedia } from '@parley/sfu'
import { NegotiationError, SfuRooms, Whip } from '@parley/sfu'
import { type MediaAddress, mediaCandidates } from './media-addresses.ts'
import type { FromSfu, ToSfu, WhipReply, WhipRequest } from './media-control.ts'

/** A thread that forwards. */
export interface ForwardingThread {
  /** UDP and TCP. */
  readonly port: number
  send(message: ToMedia): void
}

export interface EdgeSfuOptions {
  readonly threads: readonly ForwardingThread[]
  readonly addresses: readonly MediaAddress[]
  readonly fingerprint: Fingerprint
  readonly emit: (message: FromSfu) => void
}

/** What the connections of those are called who have no signalling. */
const byHttp: ReadonlySet<string> = new Set(['whip', 'whep'])

type Handlers = { readonly [Is in ToSfu['is']]: (message: Extract<ToSfu, { is: Is }>) => void }

/** The SFU's rooms, in the edge's main thread: between the signalling in the main process and the threads that forward. */
export class EdgeSfu {
  readonly #threads: readonly ForwardingThread[]
  readonly #rooms: SfuRooms
  readonly #whip: Whip
  readonly #emit: (message: FromSfu) => void
  readonly #handlers: Handlers = {
    seat: ({ room, seat }) => {
      // Who may not publish is refused by signalling, before it comes here.
      this.#rooms.join(room, seat.id, { publish: true, subscribe: seat.subscribe })
      this.#rooms.setTracks(room, seat.id, seat.tracks)
    },
    unseat: ({ room, id }) => this.#rooms.leave(room, id),
    receive: message => this.#receive(message),
    subscribe: ({ room, id, wishes }) => this.#rooms.subscribeTo(room, id, wishes),
    ask: ({ ask, room, id, request }) => {
      const reply = (reply: WhipReply) => this.#emit({ is: 'replied', ask, reply })
      try {
        reply({ ok: true, ...this.#answer(room, id, request) })
      } catch (error) {
        const refused = error instanceof NegotiationError
        reply({ ok: false, code: refused ? error.code : 'internal', message: refused ? error.message : 'A mistake.' })
        if (!refused) throw error
      }
    },
  }

  constructor({ threads, addresses, fingerprint, emit }: EdgeSfuOptions) {
    this.#threads = threads
    this.#emit = emit
    this.#rooms = new SfuRooms({
      workers: threads.map(({ port, send }) => ({ send, candidates: mediaCandidates(addresses, port) })),
      fingerprint,
      random: bytes => randomBytes(bytes),
      emit: ({ room, participant, body }) => emit({ is: 'send', room, id: participant, body }),
      excess: ({ room, participant }) => emit({ is: 'excess', room, id: participant }),
      unserved: ({ room, participant, tracks }) => emit({ is: 'unserved', room, id: participant, tracks }),
      came: ({ room, participant }) => emit({ is: 'came', room, id: participant }),
      lost: ({ room, participant, connection, why = 'no reason given' }) => {
        if (byHttp.has(connection)) emit({ is: 'gone', room, id: participant, why })
      },
    })
    this.#whip = new Whip(this.#rooms)
  }

  /** The machine's interfaces have changed. */
  setAddresses(addresses: readonly MediaAddress[]): void {
    for (const [index, { port }] of this.#threads.entries()) {
      this.#rooms.setCandidates(index, mediaCandidates(addresses, port))
    }
  }

  handle(message: ToSfu): void {
    this.#handlers[message.is](message as never)
  }

  /** What a thread has to say. */
  hear(thread: number, message: FromMedia): void {
    this.#rooms.handle(thread, message)
  }

  counters(): RoomsCounters {
    return this.#rooms.counters()
  }

  #answer(room: string, id: string, request: WhipRequest): Omit<Extract<WhipReply, { ok: true }>, 'ok'> {
    if (request.is === 'play') return this.#whip.play(room, id, request.sdp, request.of)
    if (request.is === 'publish') {
      const { sdp, etag, tracks } = this.#whip.publish(room, id, request.sdp)
      return { sdp, etag, tracks: tracks.map(track => trackSchema.parse(track)) }
    }
    const restarted = this.#whip.patch(room, id, request.fragment, request.mayRestart)
    return { sdp: restarted?.fragment ?? '', etag: restarted?.etag ?? '' }
  }

  #receive({ room, id, body }: Extract<ToSfu, { is: 'receive' }>): void {
    try {
      this.#rooms.receive(room, id, body)
    } catch (error) {
      if (!(error instanceof NegotiationError)) throw error
      const { side, connection, seq } = body
      const signal = { kind: 'refused', answers: seq, reason: error.message } as const
      this.#emit({ is: 'send', room, id, body: { side, connection, seq, signal } })
    }
  }
}
