import { isInside } from './inside.ts'
import {
  type ClassicName,
  classicNames,
  classicNamesWithoutNat,
  type Filtering,
  type Mapping,
  type Prospect,
  prospects,
} from './words.ts'

/** `likely`: it rests on silence that has another possible reason, which the evidence names. */
export type Sureness = 'certain' | 'likely'

/** A sentence: `evidence.<code>` or `why.<code>` in the page's texts, with the holes filled. */
export interface Said<Code extends string> {
  readonly code: Code
  readonly params?: Readonly<Record<string, string>>
}

export const evidences = [
  'nothing-came-back',
  'seen-as',
  'no-translation',
  'other-address-got-in',
  'other-port-kept-out',
  'relay-silent',
  'mapping-each',
  'filtering-unknown',
  'udp-blocked',
  'calls-direct',
  'calls-most',
  'calls-relay',
  'ports-agree',
  'same-network',
] as const
export type Evidence = (typeof evidences)[number]

export const whys = [
  'no-answer',
  'udp-untold',
  'same-ports',
  'one-server',
  'hidden-ports',
  'other-port-got-in',
  'no-relay',
  'relay-refuses',
  'no-way',
  'kept-out-elsewhere',
  'filtering-unknown',
  'mapping-unknown',
] as const
export type Why = (typeof whys)[number]

export type Told<T> =
  | { readonly value: T; readonly sure: Sureness; readonly evidence: readonly Said<Evidence>[] }
  | { readonly value: undefined; readonly why: Why }

/** One destination, and as what it saw a port of ours. Addresses are text. */
export interface Sighting {
  readonly host: string
  readonly port: number
  /** `address:port` */
  readonly mapped: string
}

/** What came of sending to our outside address from a relay that we had not sent anything to. */
export type Unasked =
  | { readonly is: 'got-in' | 'kept-out'; readonly host: string; readonly whenAsked: boolean }
  | { readonly is: 'not-tried'; readonly why: 'no-relay' | 'relay-refuses' | 'no-way' }

/** All that a browser saw. */
export interface Observed {
  /** The STUN and TURN servers that were asked over UDP, for the sentence that none answered. */
  readonly servers: readonly string[]
  /** Whether anything came back over UDP; undefined: the browser does not say. */
  readonly udp: boolean | undefined
  /** As this computer knows its port; undefined where the browser hides it. */
  readonly local: string | undefined
  /** A server saw the address that this computer has. */
  readonly sameAddress: boolean
  readonly sightings: readonly Sighting[]
  /** Hosts that were sent to before the relay sent unasked. */
  readonly spokenTo: readonly string[]
  readonly unasked: Unasked
}

export interface NatFindings {
  readonly udp: boolean | undefined
  readonly nat: boolean | undefined
  readonly local: string | undefined
  readonly mapped: string | undefined
  readonly mapping: Told<Mapping>
  readonly filtering: Told<Filtering>
  readonly classic: Told<ClassicName>
  readonly calls: Told<Prospect>
}

const told = <T>(value: T, sure: Sureness, evidence: readonly Said<Evidence>[]): Told<T> => ({ value, sure, evidence })
const untold = <T>(why: Why): Told<T> => ({ value: undefined, why })
const said = <C extends string>(code: C, params?: Said<C>['params']): Said<C> => ({ code, ...(params && { params }) })

/** What follows from what a browser saw: the reasoning of `parley nat`, on the tests that a browser can make. Pure. */
export function judge(observed: Observed): NatFindings {
  const { udp, local, sightings, sameAddress } = observed
  const mapped = sameAddress ? local : sightings[0]?.mapped
  const nat = sameAddress ? false : sightings.length > 0 ? true : undefined
  const findings = {
    udp,
    nat,
    local,
    mapped,
    mapping: judgeMapping(observed, nat),
    filtering: judgeFiltering(observed),
  }
  const calls = callProspect(findings)
  const inside = mapped !== undefined && isInside(mapped)
  return { ...findings, classic: classicName(findings, observed.servers), calls: inside ? onlyInside(calls) : calls }
}

/** A server in the same network sees nothing of what stands between that and the internet. */
function onlyInside(calls: Told<Prospect>): Told<Prospect> {
  if (calls.value === undefined) return calls
  return told(calls.value, 'likely', [...calls.evidence, said('same-network')])
}

/** RFC 5780 §4.3. */
function judgeMapping({ udp, sightings }: Observed, nat: boolean | undefined): Told<Mapping> {
  if (!udp) return untold(udp === undefined ? 'udp-untold' : 'no-answer')
  if (nat === false) return told('endpoint-independent', 'certain', [said('no-translation')])
  if (nat === undefined) return untold('hidden-ports')
  const evidence = sightings.map(({ host, port, mapped }) => said('seen-as', { to: `${host}:${port}`, mapped }))
  const pairs = sightings.flatMap((one, i) => sightings.slice(i + 1).map(two => compare(one, two)))
  const hosts = pairs.filter(pair => !pair.sameHost)
  const ports = pairs.filter(pair => pair.sameHost)
  if (ports.some(pair => !pair.sameMapping)) return told('address-and-port-dependent', 'certain', evidence)
  if (hosts.length > 0 && hosts.every(pair => pair.sameMapping)) {
    return told('endpoint-independent', 'certain', evidence)
  }
  if (hosts.length > 0) return told(ports.length > 0 ? 'address-dependent' : 'dependent', 'certain', evidence)
  return untold(ports.length > 0 ? 'same-ports' : 'one-server')
}

function compare(one: Sighting, two: Sighting) {
  return { sameHost: one.host === two.host, sameMapping: one.mapped === two.mapped }
}

/** RFC 5780 §4.4, with a relay in place of a server that answers from elsewhere. */
function judgeFiltering({ udp, unasked, spokenTo }: Observed): Told<Filtering> {
  if (!udp) return untold(udp === undefined ? 'udp-untold' : 'no-answer')
  if (unasked.is === 'not-tried') return untold(unasked.why)
  const { is, host, whenAsked } = unasked
  const known = spokenTo.includes(host)
  if (is === 'got-in') {
    return known ? untold('other-port-got-in') : told('endpoint-independent', 'certain', [said('other-address-got-in')])
  }
  if (!known) return untold('kept-out-elsewhere')
  return whenAsked
    ? told('address-and-port-dependent', 'certain', [said('other-port-kept-out')])
    : told('address-and-port-dependent', 'likely', [said('other-port-kept-out'), said('relay-silent')])
}

type Behaviours = Pick<NatFindings, 'udp' | 'nat' | 'mapping' | 'filtering'>

/** The name that RFC 3489 §10.1 would give. */
function classicName({ udp, nat, mapping, filtering }: Behaviours, servers: readonly string[]): Told<ClassicName> {
  if (udp === undefined) return untold('udp-untold')
  if (!udp) return told('UDP blocked', 'likely', [said('nothing-came-back', { servers: servers.join(', ') })])
  if (filtering.value === undefined) {
    const symmetric = nat && mapping.value !== undefined && mapping.value !== 'endpoint-independent'
    if (!symmetric) return untold('filtering-unknown')
    return told('symmetric', 'likely', [said('mapping-each'), said('filtering-unknown')])
  }
  if (nat === false) return told(classicNamesWithoutNat[filtering.value], filtering.sure, filtering.evidence)
  if (mapping.value === undefined) return untold('mapping-unknown')
  const name = classicNames[mapping.value][filtering.value]
  return told(name, filtering.sure, [...mapping.evidence, ...filtering.evidence])
}

const callWords: Readonly<Record<Prospect, Evidence>> = {
  direct: 'calls-direct',
  'direct with most': 'calls-most',
  'relay needed': 'calls-relay',
}

/** Decided by mapping first, since a peer cannot be told a mapping that is not its own. */
function callProspect({ udp, mapping, filtering }: Behaviours): Told<Prospect> {
  if (udp === undefined) return untold('udp-untold')
  if (!udp) return told('relay needed', 'likely', [said('udp-blocked')])
  if (mapping.value === undefined) {
    // Short of what `parley nat` wants to see, but more than nothing: what else it could be is named.
    if (mapping.why !== 'same-ports') return untold('mapping-unknown')
    return told('direct with most', 'likely', [said('calls-most'), said('ports-agree')])
  }
  if (mapping.value !== 'endpoint-independent') return told('relay needed', mapping.sure, [said('calls-relay')])
  if (filtering.value === undefined) {
    return told('direct with most', 'likely', [said('calls-most'), said('filtering-unknown')])
  }
  const prospect = prospects[filtering.value]
  return told(prospect, filtering.sure, [said(callWords[prospect])])
}
