import { randomInt } from 'node:crypto'
import type { AddressFamily, IpAddress } from '@parley/stun'
import { Address, type OpenOptions, UdpError, type UdpSocket } from '@parley/udp'

/** Where relayed addresses of one family are opened, and what the world is told. */
export interface RelayAddress {
  /** Local address to bind, in text. */
  readonly bind: string
  /** Behind a 1:1 NAT the public one, else the same. */
  readonly announce: IpAddress
}

export interface RelayPortsOptions {
  readonly addresses: Partial<Record<AddressFamily, RelayAddress>>
  /** First and last port, inclusive. */
  readonly range: readonly [number, number]
  readonly open: (options: OpenOptions) => UdpSocket
}

export interface OpenedRelay {
  readonly socket: UdpSocket
  readonly announced: Address
}

const RESERVATION_MS = 30_000
/** Ports tried before a range counts as full. */
const ATTEMPTS = 200

/** Opens relayed addresses on random ports (RFC 8656 §7.2: they must not be guessed), in pairs where asked to. */
export class RelayPorts {
  readonly #options: RelayPortsOptions
  readonly #reserved = new Map<string, { readonly relay: Reserved; readonly expires: number }>()

  constructor(options: RelayPortsOptions) {
    this.#options = options
  }

  serves(family: AddressFamily): boolean {
    return this.#options.addresses[family] !== undefined
  }

  /** On any port, or an even one. Undefined if none is free. */
  open(family: AddressFamily, even: boolean, onDatagram: OpenOptions['onDatagram']): OpenedRelay | undefined {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const relay = this.#tryOpen(family, this.#randomPort(even), onDatagram)
      if (relay) return relay
    }
    return undefined
  }

  /** An even port, and the next higher one for whoever shows `token` within 30 s (RFC 8656 §7.2). */
  openPair(
    family: AddressFamily,
    token: string,
    onDatagram: OpenOptions['onDatagram'],
    now: number,
  ): OpenedRelay | undefined {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const port = this.#randomPort(true)
      if (port + 1 > this.#options.range[1]) continue
      const lower = this.#tryOpen(family, port, onDatagram)
      if (!lower) continue
      const relay: Reserved = { family, deliver: () => {}, opened: undefined }
      relay.opened = this.#tryOpen(family, port + 1, (datagram, at) => relay.deliver(datagram, at))
      if (relay.opened) {
        this.#reserved.set(token, { relay, expires: now + RESERVATION_MS })
        return lower
      }
      lower.socket.close()
    }
    return undefined
  }

  /** The relay that was reserved under `token`. */
  claim(token: string, onDatagram: OpenOptions['onDatagram'], now: number) {
    const found = this.#reserved.get(token)
    this.#reserved.delete(token)
    if (!found?.relay.opened) return undefined
    if (found.expires <= now) {
      found.relay.opened.socket.close()
      return undefined
    }
    found.relay.deliver = onDatagram
    return { ...found.relay.opened, family: found.relay.family }
  }

  /** Gives up reservations that nobody came for. Returns how many are left. */
  sweep(now: number): number {
    for (const [token, { relay, expires }] of this.#reserved) {
      if (expires > now) continue
      relay.opened?.socket.close()
      this.#reserved.delete(token)
    }
    return this.#reserved.size
  }

  close(): void {
    this.sweep(Number.POSITIVE_INFINITY)
  }

  #randomPort(even: boolean): number {
    const [first, last] = this.#options.range
    const port = randomInt(first, last + 1)
    if (!even || port % 2 === 0) return port
    return port - 1 >= first ? port - 1 : port + 1
  }

  #tryOpen(family: AddressFamily, port: number, onDatagram: OpenOptions['onDatagram']): OpenedRelay | undefined {
    const address = this.#options.addresses[family]
    if (!address) return undefined
    try {
      const socket = this.#options.open({ address: address.bind, port, onDatagram })
      return { socket, announced: Address.from(address.announce.bytes, socket.local.port) }
    } catch (error) {
      if (error instanceof UdpError && error.code === 'EADDRINUSE') return undefined
      throw error
    }
  }
}

interface Reserved {
  readonly family: AddressFamily
  deliver: OpenOptions['onDatagram']
  opened: OpenedRelay | undefined
}
