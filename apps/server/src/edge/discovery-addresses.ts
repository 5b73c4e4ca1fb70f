import { isIP } from 'node:net'
import type { EdgeDiscovery, EdgeRelay } from '@parley/edge'
import type { Endpoint } from '../config/addresses.ts'
import { Failure } from '../failure.ts'
import type { RelaySurroundings } from './relay-addresses.ts'

/**
 * The two addresses between which a client is asked to tell its NAT's behaviour (RFC 5780 §3): where we listen, and
 * `--stun-alternate`. Throws Failure where the first cannot be told.
 */
export function discoveryAddresses(
  host: string,
  alternate: Endpoint,
  { publicIps, mapped, addresses, local }: RelaySurroundings,
): EdgeDiscovery {
  const family = isIP(alternate.ip)
  const everywhere = host === '0.0.0.0' || host === '::'
  const candidates = everywhere ? [...mapped.map(({ inside }) => inside), ...publicIps, ...addresses] : [host]
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
    others: everywhere ? local.filter(address => isReachable(address, host) && !isOneOf(address)) : [],
  }

  function isOneOf(address: string): boolean {
    return address === first || address === alternate.ip
  }
}

/** Whether a socket that listens on `everywhere` would hear what is sent there, by an address that needs no zone. */
function isReachable(address: string, everywhere: string): boolean {
  return (everywhere === '::' || isIP(address) === 4) && !/^fe80:/i.test(address)
}
