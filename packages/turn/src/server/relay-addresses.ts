import { type AddressFamily, IpAddress } from '@parley/net'
import { Address } from '@parley/udp'
import { MOST_RELAY_ADDRESSES, type RelayRegistry } from './relay-registry.ts'

/** Where relayed addresses are opened, and what the world is told; both of one family. */
export interface RelayAddress {
  /** Local address to bind, in text. */
  readonly bind: string
  /** Behind a 1:1 NAT the public one, else the same. */
  readonly announce: IpAddress
}

/** A relay address with what is needed for each packet to one of its ports. */
export interface RelaySide {
  /** In the registry. */
  readonly number: number
  readonly family: AddressFamily
  readonly bind: string
  /** Its sockets send from whichever of this machine's addresses is nearest. */
  readonly anywhere: boolean
  readonly announced: Uint8Array
  readonly announcedHost: string
  /** Where the kernel has the sockets. */
  readonly kernel: Uint8Array
  readonly kernelHost: string
  /** By port; made when first needed. */
  readonly announcedAddresses: Map<number, Address>
  readonly kernelAddresses: Map<number, Address>
}

/** A socket that listens everywhere is reached, from this machine, by loopback. */
const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/**
 * The addresses on which a server opens relays. Translates between announced relayed addresses and those at which the
 * kernel has their sockets, for packets from one of this machine's relays to another, which is in another thread. Only for
 * ports in the registry: there is a relay behind.
 */
export class RelayAddresses {
  readonly #registry: RelayRegistry
  /** By number; those no longer in use serve the relays that are open there. */
  readonly #sides: RelaySide[] = []
  #current: readonly RelaySide[] = []

  /** Throws RangeError for more than {@link MOST_RELAY_ADDRESSES}, and for one whose addresses are of two families. */
  constructor(addresses: readonly RelayAddress[], registry: RelayRegistry) {
    this.#registry = registry
    this.set(addresses)
  }

  /** Opens relays on these from now on. All servers that share a registry must be told the same, in the same order. */
  set(addresses: readonly RelayAddress[]): void {
    if (addresses.length > MOST_RELAY_ADDRESSES) throw new RangeError(`at most ${MOST_RELAY_ADDRESSES} relay addresses`)
    this.#current = addresses.map(address => this.#sideOf(address, addresses))
  }

  serves(family: AddressFamily): boolean {
    return this.#current.some(side => side.family === family)
  }

  /** Those of a family, that with the local address `preferred` first. */
  of(family: AddressFamily, preferred: string | undefined): RelaySide[] {
    const sides = this.#current.filter(side => side.family === family)
    return sides.sort((a, b) => Number(b.kernelHost === preferred) - Number(a.kernelHost === preferred))
  }

  /** Where the kernel has the relay that the world knows by `announced`; undefined if there is none. */
  kernelAddress({ version, host, port }: Address): Address | undefined {
    for (const side of this.#sides) {
      if (side.family !== version || side.announcedHost !== host || !this.#registry.has(side.number, port)) continue
      return made(side.kernelAddresses, side.kernel, port)
    }
    return undefined
  }

  /** What the world calls the relay of this machine that sent from there; undefined if it is none. */
  announcedAddress({ version, host, port }: Address): Address | undefined {
    for (const side of this.#sides) {
      if (side.family !== version || side.kernelHost !== host || !this.#registry.has(side.number, port)) continue
      return made(side.announcedAddresses, side.announced, port)
    }
    return undefined
  }

  /**
   * The address of the client, 16 bytes, whose relay of this machine may have sent from there; undefined: none of them.
   * `own`: it is an address of this machine.
   */
  clientBehind({ version, host, port }: Address, own: boolean): Uint8Array | undefined {
    for (const { number, family, anywhere, kernelHost } of this.#sides) {
      if (family !== version || !(anywhere ? own : kernelHost === host)) continue
      const client = this.#registry.clientAt(number, port)
      if (client) return client
    }
    return undefined
  }

  #sideOf({ bind, announce }: RelayAddress, all: readonly RelayAddress[]): RelaySide {
    const announced = Address.from(announce.bytes, 0)
    const kernel = Address.from(IpAddress.parse(everywhere[bind] ?? bind).bytes, 0)
    if (announced.version !== kernel.version) throw new RangeError(`${bind} cannot stand for ${announce}`)
    const known = this.#sides.find(side => is(side, { bind, announce }))
    if (known) return known
    // A machine that has moved on so often has no relays left at the first of its addresses.
    const full = this.#sides.length === MOST_RELAY_ADDRESSES
    const number = full ? this.#sides.findIndex(side => !all.some(one => is(side, one))) : this.#sides.length
    const side: RelaySide = {
      number,
      family: announced.version,
      bind,
      anywhere: everywhere[bind] !== undefined,
      announced: announced.bytes(),
      announcedHost: announced.host,
      kernel: kernel.bytes(),
      kernelHost: kernel.host,
      announcedAddresses: new Map(),
      kernelAddresses: new Map(),
    }
    this.#sides[number] = side
    return side
  }
}

function is(side: RelaySide, { bind, announce }: RelayAddress): boolean {
  return side.bind === bind && side.announcedHost === Address.from(announce.bytes, 0).host
}

function made(known: Map<number, Address>, ip: Uint8Array, port: number): Address {
  const found = known.get(port)
  if (found) return found
  const address = Address.from(ip, port)
  known.set(port, address)
  return address
}
