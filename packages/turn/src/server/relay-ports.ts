import { randomInt } from 'node:crypto'
import type { AddressFamily } from '@parley/net'
import { Address, type OpenOptions, UdpError, type UdpSocket } from '@parley/udp'
import { type RelayAddress, RelayAddresses, type RelaySide } from './relay-addresses.ts'
import { RelayRegistry } from './relay-registry.ts'

export interface RelayPortsOptions {
  /** Of each family the first one is used, unless a client has reached us at the local address of another. */
  readonly addresses: readonly RelayAddress[]
  /** First and last port, inclusive. */
  readonly range: readonly [number, number]
  readonly open: (options: OpenOptions) => UdpSocket
  /** Whether the sockets can forbid fragmentation (`Loop.features.dontFragment`). Default true. */
  readonly dontFragment?: boolean
  /** Shared with the servers of other threads, so that their clients reach each other. */
  readonly registry?: RelayRegistry
}

export interface OpenedRelay {
  /** Of its address, in the registry. */
  readonly side: number
  readonly family: AddressFamily
  readonly socket: UdpSocket
  readonly announced: Address
}

const RESERVATION_MS = 30_000

/** Who gets a relayed address. */
interface RelayClaim {
  /** The address of the client, 4 or 16 bytes. */
  readonly client: Uint8Array
  readonly handlers: RelayHandlers
}

/** What kind of relayed address is wanted. */
export interface RelayWish extends RelayClaim {
  readonly family: AddressFamily
  /** Our address that the client has reached, if that is known. */
  readonly local: string | undefined
}

/** What is told of a relayed address's socket. */
export type RelayHandlers = Required<Pick<OpenOptions, 'onDatagram' | 'onIcmp'>>

/** Ports tried before a range counts as full. */
const ATTEMPTS = 200

/** Opens relayed addresses on random ports (RFC 8656 §7.2: they must not be guessed), in pairs where asked to. */
export class RelayPorts {
  readonly dontFragment: boolean
  readonly addresses: RelayAddresses
  readonly #options: RelayPortsOptions
  readonly #registry: RelayRegistry
  readonly #reserved = new Map<string, Reserved>()

  /** Throws AddressError or RangeError for options that make no sense. */
  constructor(options: RelayPortsOptions) {
    const [first, last] = options.range
    if (!(first >= 1 && first <= last && last <= 65_535)) throw new RangeError(`${first}-${last} is no range of ports`)
    this.#options = options
    this.#registry = options.registry ?? new RelayRegistry()
    this.dontFragment = options.dontFragment ?? true
    this.addresses = new RelayAddresses(options.addresses, this.#registry)
  }

  serves(family: AddressFamily): boolean {
    return this.addresses.serves(family)
  }

  /** On any port, or an even one. Undefined if none can be had. */
  open(wish: RelayWish, even: boolean): OpenedRelay | undefined {
    return this.#firstFree(wish, even ? 2 : 1, (side, port) => this.#tryOpen(side, port, wish))
  }

  /** An even port, and the next higher one for whoever shows `token` within 30 s (RFC 8656 §7.2). */
  openPair(wish: RelayWish, token: string, now: number): OpenedRelay | undefined {
    return this.#firstFree(wish, 2, (side, port) => {
      if (port + 1 > this.#options.range[1]) return 'taken'
      const lower = this.#tryOpen(side, port, wish)
      if (typeof lower !== 'object') return lower
      let claimed: RelayHandlers | undefined
      const handlers: RelayHandlers = {
        onDatagram: (datagram, at) => claimed?.onDatagram(datagram, at),
        onIcmp: (error, at) => claimed?.onIcmp(error, at),
      }
      const higher = this.#tryOpen(side, port + 1, { ...wish, handlers })
      if (typeof higher !== 'object') {
        this.release(lower)
        return higher
      }
      const claim = ({ handlers, client }: RelayClaim) => {
        claimed = handlers
        this.#registry.add(higher.side, port + 1, client)
      }
      this.#reserved.set(token, { relay: higher, claim, expires: now + RESERVATION_MS })
      return lower
    })
  }

  /** The relay that was reserved under `token`. */
  claim(token: string, by: RelayClaim, now: number): OpenedRelay | undefined {
    const found = this.#reserved.get(token)
    if (!found) return undefined
    this.#reserved.delete(token)
    if (found.expires <= now) {
      this.release(found.relay)
      return undefined
    }
    found.claim(by)
    return found.relay
  }

  release({ side, socket }: OpenedRelay): void {
    this.#registry.delete(side, socket.local.port)
    socket.close()
  }

  /** Gives up reservations that nobody came for. Returns how many are left. */
  sweep(now: number): number {
    for (const [token, { relay, expires }] of this.#reserved) {
      if (expires > now) continue
      this.#reserved.delete(token)
      this.release(relay)
    }
    return this.#reserved.size
  }

  close(): void {
    this.sweep(Number.POSITIVE_INFINITY)
  }

  /** Tries ports from a random one on, passing over those that are relays already; one address after the other. */
  #firstFree(
    { family, local }: RelayWish,
    step: 1 | 2,
    attempt: (side: RelaySide, port: number) => Attempt,
  ): OpenedRelay | undefined {
    const [first, last] = this.#options.range
    const lowest = step === 2 ? first + (first % 2) : first
    const count = Math.floor((last - lowest) / step) + 1
    if (count < 1) return undefined
    for (const side of this.addresses.of(family, local)) {
      const start = randomInt(count)
      for (let i = 0, attempts = 0; i < count && attempts < ATTEMPTS; i++) {
        const port = lowest + ((start + i) % count) * step
        if (this.#registry.has(side.number, port)) continue
        attempts++
        const relay = attempt(side, port)
        if (relay === undefined) break
        if (relay !== 'taken') return relay
      }
    }
    return undefined
  }

  #tryOpen(side: RelaySide, port: number, { client, handlers: { onDatagram, onIcmp } }: RelayClaim): Attempt {
    try {
      const socket = this.#options.open({ address: side.bind, port, onDatagram, onIcmp })
      this.#registry.add(side.number, port, client)
      return { side: side.number, family: side.family, socket, announced: Address.from(side.announced, port) }
    } catch (error) {
      if (!(error instanceof UdpError)) throw error
      // Another port may be free; but no descriptors, no such address: then no port is.
      return error.code === 'EADDRINUSE' || error.code === 'EACCES' ? 'taken' : undefined
    }
  }
}

type Attempt = OpenedRelay | 'taken' | undefined

interface Reserved {
  readonly relay: OpenedRelay
  readonly claim: (by: RelayClaim) => void
  readonly expires: number
}
