import { callProspect } from './calls.ts'
import { type Behaviours, classicName } from './classic-name.ts'
import { judgeFiltering, type Unasked } from './filtering.ts'
import {
  type ClassicName,
  type Finding,
  found,
  type Mapping,
  type Prospect,
  said,
  type Untried,
  untold,
} from './finding.ts'
import { judgeMapping, type Sighting } from './mapping.ts'

/** What an observer saw, by whichever tests it could make. Addresses are text with their port. */
export interface Observed {
  /** Who was asked, in words. */
  readonly servers: string
  /** Whether anything came back over UDP; undefined: the observer cannot tell. */
  readonly udp: boolean | undefined
  /** Whether addresses are translated on the way; undefined: it is not known. */
  readonly nat: boolean | undefined
  /** Of one port of this machine: as the machine knows it, and as it was seen from outside. */
  readonly local: string | undefined
  readonly mapped: string | undefined
  readonly sightings: readonly Sighting[]
  readonly unasked: Unasked | Untried
}

/** How the NATs on the way behave, and what that means. */
export interface NatFindings extends Behaviours {
  readonly local: string | undefined
  readonly mapped: string | undefined
  readonly classic: Finding<ClassicName>
  readonly calls: Finding<Prospect>
}

/** What follows from what was seen (RFC 4787, RFC 5780). Pure. */
export function judgeNat({ servers, udp, nat, local, mapped, sightings, unasked }: Observed): NatFindings {
  const silent = udp ? undefined : untold<never>(udp === undefined ? 'udp-untold' : 'no-answer')
  const mapping = silent ?? mappingOf(nat, sightings)
  const behaviours = { udp, nat, mapping, filtering: silent ?? judgeFiltering(unasked) }
  const { filtering } = behaviours
  return {
    udp,
    nat,
    local,
    mapped,
    mapping,
    filtering,
    classic: classicName(behaviours, servers),
    calls: callProspect(behaviours),
  }
}

function mappingOf(nat: boolean | undefined, sightings: readonly Sighting[]): Finding<Mapping> {
  if (nat === undefined) return untold('hidden-ports')
  return nat ? judgeMapping(sightings) : found('endpoint-independent', 'certain', [said('no-translation')])
}
