import type { Address } from '@parley/udp'
import type { LifetimeOutcome } from './binding-lifetime.ts'
import { callProspect } from './call-prospect.ts'
import { classicName } from './classic-name.ts'
import { type Finding, found, type Lifetime, type NatFindings, untold } from './findings.ts'
import { judgeFiltering } from './judge-filtering.ts'
import { judgeMapping } from './judge-mapping.ts'
import { mappedAddress, type Outcomes, type Servers } from './tests.ts'

/** All that was seen. */
export interface Observed extends Servers {
  readonly outcomes: Outcomes
  readonly local: (port: string) => Address
  readonly lifetime?: LifetimeOutcome
}

const noAnswer = 'nothing came back from the server'

/** What follows from the outcomes of the tests. Pure. */
export function judge({ server, second, outcomes, local, lifetime }: Observed): NatFindings {
  const { port, mapped } = seen(outcomes)
  const nat = mapped && !mapped.equals(local(port))
  const servers = second ? `${server} or ${second}` : `${server}`
  const findings = {
    server: server.key,
    udp: mapped !== undefined,
    nat,
    local: mapped && local(port).key,
    mapped: mapped?.key,
    mapping: mapped ? judgeMapping({ server, ...(second && { second }), outcomes }, nat === true) : untold(noAnswer),
    filtering: mapped ? judgeFiltering(outcomes) : untold(noAnswer),
    hairpinning: judgeHairpinning(outcomes, nat),
    lifetime: judgeLifetime(lifetime),
  } as const satisfies Omit<NatFindings, 'classic' | 'calls'>
  return { ...findings, classic: classicName(findings, servers), calls: callProspect(findings) }
}

/** The first of our ports that was seen from outside. */
function seen({ binding, mappingBinding, hairpinBinding, secondServer }: Outcomes) {
  const tries = [
    { port: 'filtering', mapped: mappedAddress(binding) },
    { port: 'mapping', mapped: mappedAddress(mappingBinding) ?? mappedAddress(secondServer) },
    { port: 'hairpin', mapped: mappedAddress(hairpinBinding) },
  ]
  return tries.find(({ mapped }) => mapped) ?? { port: 'filtering', mapped: undefined }
}

function judgeHairpinning({ hairpinForth, hairpinBack }: Outcomes, nat: boolean | undefined): Finding<boolean> {
  if (nat === undefined) return untold(noAnswer)
  if (!nat) return untold('there is no NAT')
  const outcomes = [hairpinForth, hairpinBack]
  if (outcomes.some(outcome => outcome?.is === 'returned')) {
    return found(true, 'certain', ['what one port sent to the outside address of another came back in'])
  }
  if (!outcomes.some(outcome => outcome?.is === 'silence')) return untold('the server did not see two of our ports')
  return found(false, 'certain', ['what two ports sent to each other’s outside addresses never came back in'])
}

function judgeLifetime(outcome: LifetimeOutcome | undefined): Finding<Lifetime> {
  if (outcome === undefined) return untold('it was not measured')
  if (outcome.is === 'unknown') return untold(outcome.why)
  const { atLeastS, lessThanS } = outcome
  if (lessThanS === undefined) {
    return found({ atLeastS, lessThanS }, 'certain', [`an answer still came in after ${atLeastS} s without traffic`])
  }
  const alive = atLeastS > 0 ? [`an answer still came in after ${atLeastS} s without traffic`] : []
  return found({ atLeastS, lessThanS }, 'likely', [...alive, `none came in after ${lessThanS} s`])
}
