import type { ClassicName, Filtering, Mapping } from './finding.ts'

/** The kinds of networks that calls come from, in the order of the table. */
export const networks = [
  'open',
  'full cone',
  'restricted cone',
  'port-restricted cone',
  'symmetric',
  'UDP blocked',
] as const satisfies readonly ClassicName[]
export type Network = (typeof networks)[number]

interface Behaviour {
  readonly mapping: Mapping
  readonly filtering: Filtering
}

/** The behaviour that stands for each name. A symmetric NAT is taken at its strictest. */
const behaviours: Readonly<Record<Exclude<Network, 'UDP blocked'>, Behaviour>> = {
  open: { mapping: 'endpoint-independent', filtering: 'endpoint-independent' },
  'full cone': { mapping: 'endpoint-independent', filtering: 'endpoint-independent' },
  'restricted cone': { mapping: 'endpoint-independent', filtering: 'address-dependent' },
  'port-restricted cone': { mapping: 'endpoint-independent', filtering: 'address-and-port-dependent' },
  symmetric: { mapping: 'address-and-port-dependent', filtering: 'address-and-port-dependent' },
}

/**
 * Whether two networks can be connected without a relay, with ICE on both sides (RFC 8445): each sends to the addresses
 * the other has told it, so each opens its own filter for that address and port. That is not enough where one side sends
 * from a port that the other was not told (a mapping of its own for each destination) and the other lets in only the
 * address and port it has sent to.
 */
export function connects(one: Network, two: Network): 'direct' | 'relay' {
  if (one === 'UDP blocked' || two === 'UDP blocked') return 'relay'
  const a = behaviours[one]
  const b = behaviours[two]
  return reaches(a, b) || reaches(b, a) ? 'direct' : 'relay'
}

/** Whether what `from` sends gets through to `to`, which has sent to the address it was told. */
function reaches(from: Behaviour, to: Behaviour): boolean {
  // The receiver can be spoken to at all only where it was told a mapping that holds for this sender, too.
  if (to.mapping !== 'endpoint-independent') return false
  return from.mapping === 'endpoint-independent' || to.filtering !== 'address-and-port-dependent'
}

/** Where a found name stands in the table; a firewall without NAT behaves as its filtering does. */
export function networkOf(name: ClassicName): Network {
  return name === 'symmetric firewall' ? 'port-restricted cone' : name
}
