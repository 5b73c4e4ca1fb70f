import {
  type ClassicName,
  type Filtering,
  type Finding,
  found,
  type Mapping,
  type NatFindings,
  untold,
} from './findings.ts'

type Named = Record<Filtering, ClassicName>

const dependent: Named = {
  // §10.1 asks for filtering first, so this is its answer; what calls need is told from the behaviours, not the name.
  'endpoint-independent': 'full cone',
  'address-dependent': 'symmetric',
  'address-and-port-dependent': 'symmetric',
}

/** RFC 3489 §10.1, figure 2, behind a NAT. */
export const classicNames: Readonly<Record<Mapping, Named>> = {
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
export const classicNamesWithoutNat: Readonly<Named> = {
  'endpoint-independent': 'open',
  'address-dependent': 'symmetric firewall',
  'address-and-port-dependent': 'symmetric firewall',
}

type Behaviours = Pick<NatFindings, 'udp' | 'nat' | 'mapping' | 'filtering'>

/** The name that RFC 3489 §10.1 would give. @param servers Who was asked, in words. */
export function classicName({ udp, nat, mapping, filtering }: Behaviours, servers: string): Finding<ClassicName> {
  if (!udp) return found('UDP blocked', 'likely', [`nothing came back from ${servers}, which may also be down`])
  if (filtering.value === undefined) {
    const symmetric = nat && mapping.value !== undefined && mapping.value !== 'endpoint-independent'
    if (!symmetric) return untold(`filtering is not known: ${filtering.why}`)
    return found('symmetric', 'likely', ['each destination gets a mapping of its own', 'filtering is not known'])
  }
  if (!nat) return found(classicNamesWithoutNat[filtering.value], filtering.sure, filtering.evidence)
  if (mapping.value === undefined) return untold(`mapping is not known: ${mapping.why}`)
  const name = classicNames[mapping.value][filtering.value]
  return found(name, filtering.sure, [...mapping.evidence, ...filtering.evidence])
}
