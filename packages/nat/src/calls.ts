import { IpAddress, parseHostPort, specialRange } from '@parley/net'
import type { Behaviours } from './classic-name.ts'
import { type Evidence, type Filtering, type Finding, found, type Prospect, said, untold } from './finding.ts'

/** Where the same mapping serves every destination. */
const byFiltering: Readonly<Record<Filtering, Prospect>> = {
  'endpoint-independent': 'direct',
  'address-dependent': 'direct with most',
  'address-and-port-dependent': 'direct with most',
}

const evidence: Readonly<Record<Prospect, Evidence>> = {
  direct: 'calls-direct',
  'direct with most': 'calls-most',
  'relay needed': 'calls-relay',
}

/** What the behaviours mean for calls: decided by mapping first, since a peer cannot be told a mapping that is not its own. */
export function callProspect({ udp, mapping, filtering }: Behaviours): Finding<Prospect> {
  if (udp === undefined) return untold('udp-untold')
  if (!udp) return found('relay needed', 'likely', [said('udp-blocked')])
  if (mapping.value === undefined) return untold('mapping-unknown')
  if (mapping.value !== 'endpoint-independent') return found('relay needed', mapping.sure, [said('calls-relay')])
  if (filtering.value === undefined) {
    return found('direct with most', 'likely', [said('calls-most'), said('filtering-unknown')])
  }
  const prospect = byFiltering[filtering.value]
  return found(prospect, filtering.sure, [said(evidence[prospect])])
}

/**
 * The same for an observer that cannot make all the tests, as a page cannot: says what is likely where nothing is certain,
 * and is less sure where the server is in the same network. @param mapped Our address as seen from outside, with its port.
 */
export function likelyCalls(behaviours: Behaviours, mapped: string | undefined): Finding<Prospect> {
  const { mapping } = behaviours
  // Only a router that looks at addresses alone would treat two ports of one server the same and still tell servers apart.
  const portsAgree = mapping.value === undefined && mapping.why === 'same-ports'
  const calls = portsAgree
    ? found<Prospect>('direct with most', 'likely', [said('calls-most'), said('ports-agree')])
    : callProspect(behaviours)
  if (calls.value === undefined || mapped === undefined || !isInside(mapped)) return calls
  return found(calls.value, 'likely', [...calls.evidence, said('same-network')])
}

const inside = new Set<string | undefined>(['loopback', 'private', 'cgnat', 'link-local', 'unique-local'])

/** Whether an address is one of a network behind a NAT: what a server sees there says nothing of the internet. */
function isInside(mapped: string): boolean {
  const address = IpAddress.tryParse(parseHostPort(mapped)?.host ?? '')
  return address !== undefined && inside.has(specialRange(address)?.name)
}
