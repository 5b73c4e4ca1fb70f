import { type GatheredCandidate, placeOf } from '../trickle/gathering.ts'
import { parseServerUrl } from '../trickle/server-url.ts'
import type { Sighting } from './judge.ts'

/** What the gathering of one peer connection tells, before anything else is tried. */
export interface FirstLook {
  /** Undefined: it cannot be told. */
  readonly udp: boolean | undefined
  readonly local: string | undefined
  readonly sameAddress: boolean
  /** Of one port of this computer, that of `local`. */
  readonly sightings: readonly Sighting[]
}

/**
 * Reads the candidates of a gathering with STUN servers and TURN over UDP: one port of this computer, and as what each
 * server saw it. Where there are several ports (network interfaces), that which most servers saw. `silent`: STUN servers
 * that were answered without a candidate, which browsers do where the answer says nothing new. `untold`: of others the
 * browser does not say whether they answered.
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
  // An empty one is hidden by the browser: all hidden ones count as one port, since there is mostly just one interface.
  const base = mostFrequent(reflexive.map(candidate => candidate.related)) ?? mostFrequent(related)
  const seen = reflexive.filter(candidate => candidate.related === base)
  const sightings = seen.flatMap(candidate => sightingOf(candidate.url, placeOf(candidate)))
  const [first] = sightings
  // Servers that had nothing new to tell saw the same as the one that told it.
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
 * The candidates with the server that each came from, where the browser (Firefox) does not say. All relays are those of the
 * one TURN server. Of one outside address any server that answers may have told, for the others saw the same; of as many as
 * there are servers each told one, and which told which changes nothing. What else there is stays without a server.
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

/** One entry of a statistics report, read with care. */
export type Entry = Readonly<Record<string, unknown>>

/** Whether something came in from an address that this side had not been told: a peer-reflexive remote candidate. */
export function heardStranger(entries: readonly Entry[]): boolean {
  return entries.some(({ type, candidateType }) => type === 'remote-candidate' && candidateType === 'prflx')
}

/**
 * As what the other end of a working path sees our port: the local candidate of a pair that succeeded. A local
 * peer-reflexive candidate is a mapping that no server had told (RFC 8445 §7.2.5.3.1).
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
