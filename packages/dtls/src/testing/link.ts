import { makeDtlsCertificate } from '../certificate.ts'
import { DtlsContext, type DtlsContextOptions } from '../context.ts'
import { DtlsEndpoint } from '../endpoint.ts'
import type { DtlsFailure, DtlsOptions, SrtpKeys } from '../types.ts'

export type Role = 'server' | 'client'

/** One endpoint, and what it told. */
export interface End {
  readonly endpoint: DtlsEndpoint
  keys: SrtpKeys | undefined
  failure: DtlsFailure | undefined
  closed: boolean
  readonly data: string[]
  /** Sizes of the datagrams that it sent. */
  readonly sent: number[]
}

export interface Flying {
  readonly to: Role
  readonly bytes: Uint8Array
  /** Counts from 0 in the order of sending, both directions together. */
  readonly number: number
}

/** Decides what becomes of a datagram: how often, and in which form, it arrives. */
export type Fate = (datagram: Flying) => readonly Uint8Array[]

const arrives: Fate = ({ bytes }) => [bytes]

/** Well before OpenSSL's shortest timer, 50 ms, runs out by the system's clock. */
const stallMs = 40

export function contexts(options: Partial<DtlsContextOptions> = {}): Record<Role, DtlsContext> {
  const make = () => new DtlsContext({ ...makeDtlsCertificate(), simulatedTime: true, ...options })
  return { server: make(), client: make() }
}

/** A server and a client with a wire between them, in virtual time. */
export class Link {
  now = 0
  readonly server: End
  readonly client: End
  readonly #flying: Flying[] = []
  readonly #fate: Fate
  #sent = 0
  #stalled = false

  constructor(
    { server, client }: Record<Role, DtlsContext>,
    fate: Fate = arrives,
    options: { server?: Partial<DtlsOptions>; client?: Partial<DtlsOptions> } = {},
  ) {
    this.#fate = fate
    this.server = this.#end('server', server, { fingerprints: [client.fingerprint], ...options.server })
    this.client = this.#end('client', client, { fingerprints: [server.fingerprint], ...options.client })
  }

  /** Datagrams that both have sent. */
  get sent(): number {
    return this.#sent
  }

  /** The machine was busy elsewhere for so long that OpenSSL may have sent a flight twice: this link's time was not virtual. */
  get stalled(): boolean {
    return this.#stalled
  }

  get connected(): boolean {
    return this.server.keys !== undefined && this.client.keys !== undefined
  }

  /** Delivers everything that flies, in an order that `pick` chooses; the first by default. */
  settle(pick: (count: number) => number = () => 0, begunAt = performance.now()): void {
    for (;;) {
      if (performance.now() - begunAt > stallMs) this.#stalled = true
      const [datagram] = this.#flying.splice(pick(this.#flying.length), 1)
      if (!datagram) return
      for (const bytes of this.#fate(datagram)) {
        this[datagram.to].endpoint.receive(bytes, 0, bytes.length, this.now)
      }
    }
  }

  /** Begins, delivers, and lets time pass, until both are done or nothing more will happen. */
  run(pick?: (count: number) => number): void {
    const begunAt = performance.now()
    this.client.endpoint.start(this.now)
    this.settle(pick, begunAt)
    while (!this.connected) {
      const due = Math.min(this.server.endpoint.nextTimeout(), this.client.endpoint.nextTimeout())
      if (due === Number.POSITIVE_INFINITY) return
      this.now = Math.max(this.now, due)
      this.server.endpoint.handleTimeout(this.now)
      this.client.endpoint.handleTimeout(this.now)
      this.settle(pick)
    }
  }

  close(): void {
    this.client.endpoint.close()
    this.server.endpoint.close()
  }

  #end(role: Role, context: DtlsContext, options: Partial<DtlsOptions> & Pick<DtlsOptions, 'fingerprints'>): End {
    const to = role === 'server' ? 'client' : 'server'
    const endpoint = new DtlsEndpoint(context, {
      role,
      send: (bytes, start, end) => {
        made.sent.push(end - start)
        this.#flying.push({ to, bytes: bytes.slice(start, end), number: this.#sent++ })
      },
      onConnected: keys => {
        made.keys = keys
      },
      onFailed: failure => {
        made.failure = failure
      },
      onData: bytes => made.data.push(new TextDecoder().decode(bytes)),
      onClosed: () => {
        made.closed = true
      },
      ...options,
    })
    const made: End = { endpoint, keys: undefined, failure: undefined, closed: false, data: [], sent: [] }
    return made
  }
}
