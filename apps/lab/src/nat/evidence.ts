import { type GatheredCandidate, placeOf } from '../trickle/gathering.ts'
import { parseServerUrl } from '../trickle/server-url.ts'
import type { Sighting } from './judge.ts'

/** What the candidates of one peer connection reveal, before anything else is tried. */
export interface FirstLook {
  /** Whether UDP works; undefined if that cannot be determined. */
  readonly udp: boolean | undefined
  readonly local: string | undefined
  readonly sameAddress: boolean
  /** How each server saw one port of this computer, the port of `local`. */
  readonly sightings: readonly Sighting[]
}

/**
 * Reads the candidates gathered with STUN servers and TURN over UDP: one port of this computer, and the address at
 * which each server saw it. With several ports (network interfaces), takes the one that most servers saw. `silent`:
 * STUN servers that answered without yielding a candidate, because browsers drop answers that say nothing new.
 * `untold`: for some other servers the browser does not reveal whether they answered.
 */
export function firstLook(
  candidates: readonly GatheredCandidate[],
  silent: readonly string[],
  untold = false,
): FirstLook {
  const hosts = candidates.filter(({ type, protocol }) => type === 'host' && protocol === 'udp').map(placeOf)
  const reflexive = candidates.filter(({ type, protocol }) => type === 'srflx' && protocol === 'udp')
  const relayed = candidates.filter(({ type, relayProtocol }) => type === 'relay' && relayProtocol === 'udp')
  const related = [...reflexive, ...relayed].map(candidate => candidate.related)
  // The browser hides some addresses (empty). They count as one port, since there is usually just one interface.
  const base = mostFrequent(reflexive.map(candidate => candidate.related)) ?? mostFrequent(related)
  const seen = reflexive.filter(candidate => candidate.related === base)
  const sightings = seen.flatMap(candidate => sightingOf(candidate.url, placeOf(candidate)))
  const [first] = sightings
  // Servers without a candidate of their own saw the same address as the one that yielded it.
  const same = first ? silent.flatMap(url => sightingOf(url, first.mapped)) : []
  const sameAddress = sightings.length === 0 && relayed.some(candidate => hosts.includes(candidate.related))
  const own = sameAddress ? relayed.find(candidate => hosts.includes(candidate.related))?.related : base
  const udp = reflexive.length + relayed.length > 0 || (silent.length > 0 && hosts.length > 0)
  return {
    udp: !udp && untold ? undefined : udp,
    local: own || undefined,
    sameAddress: sameAddress || (sightings.length === 0 && relayed.length === 0 && silent.length > 0),
    sightings: [...sightings, ...same],
  }
}

/**
 * Fills in the server that each candidate came from where the browser does not say (Firefox). Relayed candidates belong
 * to the one TURN server. If there is only one outside address, every answering server saw it, so any of them will do.
 * If there are as many as answering servers, each saw one, and which saw which makes no difference. Any other candidate
 * stays without a server.
 */
export function attribute(
  candidates: readonly GatheredCandidate[],
  answering: readonly string[],
  turn: string | undefined,
): readonly GatheredCandidate[] {
  const reflexive = candidates.filter(({ type, url }) => type === 'srflx' && url === '')
  const places = [...new Set(reflexive.map(placeOf))]
  const servers = places.length === 1 || places.length === answering.length ? answering : []
  return candidates.map(candidate => {
    if (candidate.url !== '') return candidate
    if (candidate.type === 'relay')
      return { ...candidate, url: turn ?? '', relayProtocol: turn === undefined ? '' : 'udp' }
    return candidate.type === 'srflx'
      ? { ...candidate, url: servers[places.indexOf(placeOf(candidate))] ?? '' }
      : candidate
  })
}

function sightingOf(url: string, mapped: string): readonly Sighting[] {
  const server = parseServerUrl(url)
  return 'problem' in server ? [] : [{ host: server.host, port: server.port, mapped }]
}

function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}

/** One entry of a statistics report. Browsers omit fields, so every value must be checked. */
export type Entry = Readonly<Record<string, unknown>>

/** Whether a packet came in from an address not signalled to this side: a peer-reflexive remote candidate. */
export function heardStranger(entries: readonly Entry[]): boolean {
  return entries.some(({ type, candidateType }) => type === 'remote-candidate' && candidateType === 'prflx')
}

/**
 * How the other end of a working path sees our port: the local candidate of a pair that succeeded. A peer-reflexive
 * local candidate is a mapping that no server had reported (RFC 8445 §7.2.5.3.1).
 */
export function mappedOnPath(
  entries: readonly Entry[],
): { readonly type: string; readonly mapped: string } | undefined {
  const pair = entries.find(({ type, state }) => type === 'candidate-pair' && state === 'succeeded')
  const local = entries.find(({ id }) => pair !== undefined && id === pair.localCandidateId)
  const { candidateType, address, port } = local ?? {}
  if (typeof candidateType !== 'string' || typeof address !== 'string' || typeof port !== 'number') return undefined
  return { type: candidateType, mapped: placeOf({ address, port }) }
}
