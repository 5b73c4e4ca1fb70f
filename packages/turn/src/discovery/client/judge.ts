import {
  type Doubt,
  type Finding,
  found,
  judgeNat,
  type NatFindings,
  type Sighting,
  said,
  type Unasked,
  type Untried,
  untold,
} from '@parley/nat'
import { Address } from '@parley/udp'
import type { LifetimeOutcome } from './binding-lifetime.ts'
import { mappedAddress, type Outcomes, type Servers } from './tests.ts'
import type { Outcome } from './transactions.ts'

/** Seconds that an unused binding lives: it was alive after `atLeastS`, and gone after `lessThanS` if that is given. */
export interface Lifetime {
  readonly atLeastS: number
  readonly lessThanS: number | undefined
}

/** What is known about the network between this machine and a STUN server. Addresses are text with their port. */
export interface DiscoveryFindings extends NatFindings {
  readonly server: string
  /** Whether two machines behind the same NAT can talk by their outside addresses (RFC 4787 §6). */
  readonly hairpinning: Finding<boolean>
  readonly lifetime: Finding<Lifetime>
}

/** All that was seen. */
interface Observed extends Servers {
  readonly outcomes: Outcomes
  readonly local: (port: string) => Address
  readonly lifetime?: LifetimeOutcome
}

/** What follows from the outcomes of the tests. Pure. */
export function judge({ server, second, outcomes, local, lifetime }: Observed): DiscoveryFindings {
  const { port, mapped } = seen(outcomes)
  const nat = mapped && !mapped.equals(local(port))
  const findings = judgeNat({
    servers: second ? `${server} or ${second}` : `${server}`,
    udp: mapped !== undefined,
    nat,
    local: mapped && local(port).key,
    mapped: mapped?.key,
    sightings: sightingsOf(server, second, outcomes),
    unasked: unaskedOf(outcomes),
  })
  const hairpinning = judgeHairpinning(outcomes, nat)
  return { ...findings, server: server.key, hairpinning, lifetime: judgeLifetime(lifetime) }
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

/** As what each destination saw our mapping port (RFC 5780 §4.3). */
function sightingsOf(server: Address, second: Address | undefined, outcomes: Outcomes): Sighting[] {
  const { mappingBinding, mappingAddress, mappingBoth, secondServer } = outcomes
  const other = mappingBinding?.is === 'answer' ? mappingBinding.other : undefined
  const all = [
    { to: server, mapped: mappedAddress(mappingBinding) },
    { to: other && Address.from(other.bytes(), server.port), mapped: mappedAddress(mappingAddress) },
    { to: other, mapped: mappedAddress(mappingBoth) },
    { to: second, mapped: mappedAddress(secondServer) },
  ]
  return all.flatMap(({ to, mapped }) => (to && mapped ? [{ host: to.host, to: to.key, mapped: mapped.key }] : []))
}

/** What came of asking the server to answer from elsewhere (RFC 5780 §4.4). */
function unaskedOf(outcomes: Outcomes): Unasked | Untried {
  const { binding, filteringBoth: both, filteringPort: port } = outcomes
  if (binding?.is !== 'answer') return 'no-first-answer'
  if (both?.is === 'answer') return { otherAddress: 'got-in', doubts: [] }
  if (port === undefined) return 'no-second-address'
  if (refuses(both) || refuses(port)) return 'change-refused'
  const otherPort = port.is === 'silence' ? 'kept-out' : 'got-in'
  return { ...(both && { otherAddress: 'kept-out' }), otherPort, doubts: doubtsOf(outcomes) }
}

function refuses(outcome: Outcome | undefined): boolean {
  return outcome?.is === 'ignored' || outcome?.is === 'error'
}

function doubtsOf({ binding, mappingBinding, hairpinBinding, mappingBoth }: Outcomes): Doubt[] {
  const firstRound = [binding, mappingBinding, hairpinBinding, mappingBoth]
  const lost = firstRound.some(outcome => outcome?.is === 'answer' && outcome.requests > 1)
  return [
    ...(mappingBoth?.is === 'answer' ? [] : (['other-address-silent'] as const)),
    ...(lost ? (['packets-lost'] as const) : []),
  ]
}

function judgeHairpinning({ hairpinForth, hairpinBack }: Outcomes, nat: boolean | undefined): Finding<boolean> {
  if (nat === undefined) return untold('no-answer')
  if (!nat) return untold('no-nat')
  const outcomes = [hairpinForth, hairpinBack]
  if (outcomes.some(outcome => outcome?.is === 'returned')) return found(true, 'certain', [said('hairpin-came-back')])
  if (!outcomes.some(outcome => outcome?.is === 'silence')) return untold('two-ports-unseen')
  return found(false, 'certain', [said('hairpin-lost')])
}

function judgeLifetime(outcome: LifetimeOutcome | undefined): Finding<Lifetime> {
  if (outcome === undefined) return untold('not-measured')
  if (outcome.is === 'unknown') return untold(outcome.why)
  const { atLeastS, lessThanS } = outcome
  const alive = atLeastS > 0 ? [said('alive-after', { seconds: String(atLeastS) })] : []
  if (lessThanS === undefined) return found({ atLeastS, lessThanS }, 'certain', alive)
  const gone = said('gone-after', { seconds: String(lessThanS) })
  return found({ atLeastS, lessThanS }, 'likely', [...alive, gone])
}
