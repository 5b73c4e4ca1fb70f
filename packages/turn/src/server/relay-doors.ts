import { type AddressFamily, IpAddress } from '@parley/stun'
import { Address } from '@parley/udp'
import type { RelayAddress } from './relay-ports.ts'
import type { RelayRegistry } from './relay-registry.ts'

/** A socket that listens everywhere is reached, from this machine, by loopback. */
const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/** One family's relayed addresses: how the world calls them, and where the kernel has them. */
interface Side {
  readonly announcedHost: string
  readonly announced: Uint8Array
  readonly kernelHost: string
  readonly kernel: Uint8Array
  /** By port; made when first needed. */
  readonly announcedAddresses: Map<number, Address>
  readonly kernelAddresses: Map<number, Address>
}

/**
 * Translates between announced relayed addresses and those at which the kernel has their sockets, for packets from one of
 * this machine's relays to another, which is in another thread. Only for ports in the registry: there is a relay behind.
 */
export class RelayDoors {
  readonly #registry: RelayRegistry
  readonly #sides: Partial<Record<AddressFamily, Side>>

  constructor(addresses: Partial<Record<AddressFamily, RelayAddress>>, registry: RelayRegistry) {
    this.#registry = registry
    this.#sides = { ...(addresses[4] && { 4: side(addresses[4]) }), ...(addresses[6] && { 6: side(addresses[6]) }) }
  }

  /** Where the kernel has the relay that the world knows by `announced`; undefined if there is none. */
  kernelAddress({ version, host, port }: Address): Address | undefined {
    const side = this.#sides[version]
    if (side?.announcedHost !== host || !this.#registry.has(version, port)) return undefined
    return made(side.kernelAddresses, side.kernel, port)
  }

  /** What the world calls the relay of this machine that sent from there; undefined if it is none. */
  announcedAddress({ version, host, port }: Address): Address | undefined {
    const side = this.#sides[version]
    if (side?.kernelHost !== host || !this.#registry.has(version, port)) return undefined
    return made(side.announcedAddresses, side.announced, port)
  }
}

function side({ bind, announce }: RelayAddress): Side {
  const announced = Address.from(announce.bytes, 0)
  const kernel = Address.from(IpAddress.parse(everywhere[bind] ?? bind).bytes, 0)
  return {
    announcedHost: announced.host,
    announced: announced.bytes(),
    kernelHost: kernel.host,
    kernel: kernel.bytes(),
    announcedAddresses: new Map(),
    kernelAddresses: new Map(),
  }
}

function made(known: Map<number, Address>, ip: Uint8Array, port: number): Address {
  const found = known.get(port)
  if (found) return found
  const address = Address.from(ip, port)
  known.set(port, address)
  return address
}
