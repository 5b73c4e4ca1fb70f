import { randomBytes } from 'node:crypto'
import type { Fingerprint } from '@parley/dtls'
import type { MediaBody, MediaSeat, SubscriptionWishes } from '@parley/protocol'
import type {
  FromMedia,
  RoomInspection,
  RoomsCounters,
  ServerCandidate,
  ToMedia,
  TransportStatistics,
} from '@parley/sfu'
import { NegotiationError, SfuRooms, Whip } from '@parley/sfu'
import type { MediaAddress } from './config.ts'
import type { GuestCalls, SfuCalls, SignalingCalls } from './ports.ts'

/** A thread that forwards. */
export interface ForwardingThread {
  /** UDP and TCP. */
  readonly port: number
  command(row: ToMedia): void
  statistics(transports: readonly number[]): Promise<readonly TransportStatistics[]>
}

export interface SfuServiceOptions {
  readonly threads: readonly ForwardingThread[]
  readonly addresses: readonly MediaAddress[]
  readonly fingerprint: Fingerprint
  /** See `SfuRooms`. */
  readonly enoughTracks: number | undefined
  readonly signaling: SignalingCalls
  readonly guests: GuestCalls
}

/** What the connections of those are called who have no signalling. */
const byHttp: ReadonlySet<string> = new Set(['whip', 'whep'])

/** The SFU's rooms, in the main thread: between the signalling in the main process and the threads that forward. */
export class SfuService implements SfuCalls {
  /** For those who have no signalling. */
  readonly whip: Whip
  readonly #threads: readonly ForwardingThread[]
  readonly #rooms: SfuRooms
  readonly #signaling: SignalingCalls

  constructor({ threads, addresses, fingerprint, enoughTracks, signaling, guests }: SfuServiceOptions) {
    this.#threads = threads
    this.#signaling = signaling
    this.#rooms = new SfuRooms({
      workers: threads.map(({ port, command }) => ({ send: command, candidates: mediaCandidates(addresses, port) })),
      fingerprint,
      ...(enoughTracks !== undefined && { enoughTracks }),
      random: bytes => randomBytes(bytes),
      emit: ({ room, participant, body }) => signaling.send(room, participant, body),
      excess: ({ room, participant }) => guests.excess(room, participant),
      unserved: ({ room, participant, tracks }) => guests.unserved(room, participant, tracks),
      quality: ({ room, participant, quality }) => signaling.quality(room, participant, quality),
      speakers: ({ room, speakers }) => signaling.speakers(room, speakers),
      came: ({ room, participant }) => guests.came(room, participant),
      lost: ({ room, participant, connection, why = 'no reason given' }) => {
        if (byHttp.has(connection)) guests.gone(room, participant, why)
      },
    })
    this.whip = new Whip(this.#rooms)
  }

  seat(room: string, { id, subscribe, tracks }: MediaSeat): void {
    // Who may not publish is refused by signalling, before it comes here.
    this.#rooms.join(room, id, { publish: true, subscribe })
    this.#rooms.setTracks(room, id, tracks)
  }

  unseat(room: string, id: string): void {
    this.#rooms.leave(room, id)
  }

  receive(room: string, id: string, body: MediaBody): void {
    try {
      this.#rooms.receive(room, id, body)
    } catch (error) {
      if (!(error instanceof NegotiationError)) throw error
      const { side, connection, seq } = body
      const signal = { kind: 'refused', answers: seq, reason: error.message } as const
      this.#signaling.send(room, id, { side, connection, seq, signal })
    }
  }

  subscribe(room: string, id: string, wishes: SubscriptionWishes): void {
    this.#rooms.subscribeTo(room, id, wishes)
  }

  async inspect(room: string): Promise<RoomInspection | undefined> {
    const transports = this.#rooms.transports(room)
    const measured = await Promise.all(this.#threads.map(thread => thread.statistics(transports)))
    return this.#rooms.inspect(room, measured.flat())
  }

  /** The machine's interfaces have changed. */
  setAddresses(addresses: readonly MediaAddress[]): void {
    for (const [index, { port }] of this.#threads.entries()) {
      this.#rooms.setCandidates(index, mediaCandidates(addresses, port))
    }
  }

  /** What a thread has to say. */
  hear(thread: number, row: FromMedia): void {
    this.#rooms.handle(thread, row)
  }

  counters(): RoomsCounters {
    return this.#rooms.counters()
  }
}

/** As the SFU writes them into descriptions: UDP and, for networks that block it, TCP. */
export function mediaCandidates(addresses: readonly MediaAddress[], port: number): readonly ServerCandidate[] {
  const protocols = ['udp', 'tcp'] as const
  return protocols.flatMap(protocol =>
    addresses.map(
      ({ inside, outside }): ServerCandidate =>
        outside === undefined
          ? { ip: inside, port, protocol, type: 'host' }
          : { ip: outside, port, protocol, type: 'srflx', related: { ip: inside, port } },
    ),
  )
}
