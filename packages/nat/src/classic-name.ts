import { type ClassicName, type Filtering, type Finding, found, type Mapping, said, untold } from './finding.ts'

/** What is known before names are given. */
export interface Behaviours {
  /** Whether anything came back over UDP; undefined: the observer cannot tell. */
  readonly udp: boolean | undefined
  /** Whether addresses are translated on the way; undefined: it is not known. */
  readonly nat: boolean | undefined
  readonly mapping: Finding<Mapping>
  readonly filtering: Finding<Filtering>
}

type Named = Readonly<Record<Filtering, ClassicName>>

const dependent: Named = {
  // §10.1 asks for filtering first, so this is its answer; what calls need is told from the behaviours, not the name.
  'endpoint-independent': 'full cone',
  'address-dependent': 'symmetric',
  'address-and-port-dependent': 'symmetric',
}

/** RFC 3489 §10.1, figure 2, behind a NAT. */
const names: Readonly<Record<Mapping, Named>> = {
  'endpoint-independent': {
    'endpoint-independent': 'full cone',
    'address-dependent': 'restricted cone',
    'address-and-port-dependent': 'port-restricted cone',
  },
  'address-dependent': dependent,
  'address-and-port-dependent': dependent,
  dependent,
}

/** The same where no address is translated. */
const namesWithoutNat: Named = {
  'endpoint-independent': 'open',
  'address-dependent': 'symmetric firewall',
  'address-and-port-dependent': 'symmetric firewall',
}

/** The name that RFC 3489 §10.1 would give. @param servers Who was asked, in words. */
export function classicName({ udp, nat, mapping, filtering }: Behaviours, servers: string): Finding<ClassicName> {
  if (udp === undefined) return untold('udp-untold')
  if (!udp) return found('UDP blocked', 'likely', [said('nothing-came-back', { servers })])
  if (filtering.value === undefined) {
    const symmetric = nat && mapping.value !== undefined && mapping.value !== 'endpoint-independent'
    if (!symmetric) return untold('filtering-unknown')
    return found('symmetric', 'likely', [said('mapping-each'), said('filtering-unknown')])
  }
  if (nat === false) return found(namesWithoutNat[filtering.value], filtering.sure, filtering.evidence)
  if (mapping.value === undefined) return untold('mapping-unknown')
  const name = names[mapping.value][filtering.value]
  return found(name, filtering.sure, [...mapping.evidence, ...filtering.evidence])
}
