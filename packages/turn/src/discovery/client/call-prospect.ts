import { type Filtering, type Finding, found, type NatFindings, type Prospect, untold } from './findings.ts'

type Behaviours = Pick<NatFindings, 'udp' | 'nat' | 'mapping' | 'filtering'>

/** Where the same mapping serves every destination. */
const byFiltering: Readonly<Record<Filtering, Prospect>> = {
  'endpoint-independent': 'direct',
  'address-dependent': 'direct with most',
  'address-and-port-dependent': 'direct with most',
}

const words: Readonly<Record<Prospect, string>> = {
  direct: 'Calls connect directly with everybody whose network lets UDP out.',
  'direct with most':
    'Calls connect directly with most people. With somebody behind a symmetric NAT they need a relay.',
  'relay needed': 'Calls need a relay (TURN) with everybody but those who can be reached from anywhere.',
}

/** What the behaviours mean for calls: decided by mapping first, since a peer cannot be told a mapping that is not its own. */
export function callProspect({ udp, mapping, filtering }: Behaviours): Finding<Prospect> {
  if (!udp) return found('relay needed', 'likely', ['No UDP came back: calls need a relay (TURN) over TCP or TLS.'])
  if (mapping.value === undefined) return untold('it depends on the mapping, which is not known')
  if (mapping.value !== 'endpoint-independent') return found('relay needed', mapping.sure, [words['relay needed']])
  if (filtering.value === undefined) {
    return found('direct with most', 'likely', [
      'Calls connect directly with most people.',
      'How much gets in is not known.',
    ])
  }
  const prospect = byFiltering[filtering.value]
  return found(prospect, filtering.sure, [words[prospect]])
}
