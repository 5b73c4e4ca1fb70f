import type { MappedIp } from '../config/addresses.ts'
import type { Config } from '../config/options.ts'
import { hears, isEverywhere, isHereOnly } from './listening.ts'
import { lanAddresses, machineInterfaces, ownAddresses } from './machine.ts'

/** The addresses of a machine. */
interface Machine {
  /** Those under which others reach it, the likeliest first. */
  readonly addresses: readonly string[]
  /** Every one. */
  readonly local: readonly string[]
}

/** All that is known of where this server can be reached. */
export interface Surroundings extends Machine {
  /** What the server listens on: `0.0.0.0`, `::`, `localhost` or one address. */
  readonly host: string
  /** Its public name. */
  readonly domain: string | undefined
  readonly publicIps: readonly string[]
  /** Public addresses that a NAT maps to certain ones of this machine. */
  readonly mapped: readonly MappedIp[]
}

/** What the configuration says of it, and what the machine says: this one as it is now, unless another is given. */
export function surroundings(
  { host, domain, publicIp: publicIps, natIp: mapped }: Pick<Config, 'host' | 'domain' | 'publicIp' | 'natIp'>,
  { addresses, local }: Machine = thisMachine(),
): Surroundings {
  return { host, domain, publicIps, mapped, addresses, local }
}

function thisMachine(): Machine {
  const interfaces = machineInterfaces()
  return { addresses: lanAddresses(interfaces), local: ownAddresses(interfaces) }
}

/** The name under which this very computer reaches the server. */
export function nameHere({ host }: Pick<Surroundings, 'host'>): string {
  return isEverywhere(host) || isHereOnly(host) ? 'localhost' : host
}

/** The names under which others reach the server, the best first. A public name hides the private addresses. */
export function namesElsewhere({ host, domain, publicIps, addresses }: Surroundings): readonly string[] {
  if (domain) return [domain]
  if (isHereOnly(host)) return []
  if (!isEverywhere(host)) return [host]
  return publicIps.length > 0 ? publicIps : addresses.filter(address => hears(host, address))
}
