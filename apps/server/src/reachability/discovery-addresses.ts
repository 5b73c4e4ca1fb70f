import { isIP } from 'node:net'
import type { EdgeDiscovery, EdgeRelay } from '@parley/edge'
import type { Endpoint } from '../config/addresses.ts'
import { Failure } from '../failure.ts'
import { hears, isEverywhere, listenAddress } from './listening.ts'
import { isLinkLocal } from './ranges.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * The two addresses between which a client is asked to tell its NAT's behaviour (RFC 5780 §3): where we listen, and
 * `--stun-alternate`. Throws Failure where the first cannot be told.
 */
export function discoveryAddresses(
  alternate: Endpoint,
  { host, publicIps, mapped, addresses, local }: Surroundings,
): EdgeDiscovery {
  const family = isIP(alternate.ip)
  const everywhere = isEverywhere(host)
  const candidates = everywhere
    ? [...mapped.map(({ inside }) => inside), ...publicIps, ...addresses]
    : [listenAddress(host)]
  const first = candidates.find(
    address => isIP(address) === family && address !== alternate.ip && (!everywhere || local.includes(address)),
  )
  if (first === undefined || (host === '0.0.0.0' && family !== 4)) {
    throw new Failure(2, `--stun-alternate ${alternate}: there is no other address of its kind to go with; see --host`)
  }
  const named = (bind: string): EdgeRelay => ({
    bind,
    announce: mapped.find(({ inside }) => inside === bind)?.outside ?? bind,
  })
  return {
    addresses: [named(first), named(alternate.ip)],
    alternatePort: alternate.port,
    // Sockets of addresses of their own leave no room for one that listens everywhere.
    others: everywhere ? local.filter(address => hears(host, address) && !needsZone(address) && !isOneOf(address)) : [],
  }

  function isOneOf(address: string): boolean {
    return address === first || address === alternate.ip
  }
}

function needsZone(address: string): boolean {
  return isIP(address) === 6 && isLinkLocal(address)
}
