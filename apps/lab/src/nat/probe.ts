import type { IceServer } from '@parley/protocol'
import { pause } from '../report/run.ts'
import { gatherEach } from '../trickle/gather.ts'
import { candidateOf, type GatheredCandidate, placeOf } from '../trickle/gathering.ts'
import { parseServerUrl, sameServer } from '../trickle/server-url.ts'
import { serversOf } from '../trickle/servers.ts'
import { type AskedServer, judgeServers } from '../trickle/verdict.ts'
import { attribute, type Entry, firstLook, heardStranger, mappedOnPath } from './evidence.ts'
import type { Observed, Sighting, Unasked } from './judge.ts'

export type Step = 'asking' | 'unasked' | 'asked'

export interface ProbeOptions {
  /** The session's servers, of which STUN and TURN over UDP are used. */
  readonly iceServers: readonly IceServer[]
  /** Another STUN server, preferably at another address. */
  readonly second: string | undefined
  readonly signal: AbortSignal
  readonly onStep?: (step: Step) => void
}

const gatherMs = 6000
const afterFirstMs = 1500
const stepMs = 3000

/** Upper limit for the duration of the probe, with some margin. */
export const probeLimitMs = 25_000

/**
 * Examines the NAT as far as a browser can, with two peer connections of this page. One asks the STUN servers; the
 * other has a relay on the TURN server, from which it sends to the first one's outside address: first unasked, then
 * after the first one has sent to the relay.
 */
export async function probeNat({ iceServers, second, signal, onStep }: ProbeOptions): Promise<Observed> {
  const known = serversOf(iceServers).flatMap(server => {
    const url = parseServerUrl(server.url)
    return 'problem' in url || url.transport !== 'udp' ? [] : [{ ...server, scheme: url.scheme, host: url.host }]
  })
  const stunUrls = [
    ...known.filter(({ scheme }) => scheme === 'stun').map(({ url }) => url),
    ...(second ? [second] : []),
  ]
  const turn = known.find(({ scheme }) => scheme === 'turn')
  const relay: RTCIceServer[] = turn ? [{ urls: turn.url, username: turn.username, credential: turn.credential }] : []
  const inside = new Probe([...stunUrls.map(urls => ({ urls })), ...relay], 'all')
  const outside = new Probe(relay, 'relay')
  try {
    onStep?.('asking')
    const asking = askApart(stunUrls, turn, signal)
    await negotiate(inside, outside)
    signal.throwIfAborted()
    await inside.gathered(gatherMs, signal, ({ candidates }) =>
      stunUrls.every(url => candidates.some(({ url: from, type }) => type === 'srflx' && sameServer(from, url))),
    )
    const { answering, untold } = await asking
    const candidates = attribute(inside.candidates, answering, turn?.url)
    const silent = answering.filter(
      url => !candidates.some(({ type, url: from }) => type === 'srflx' && sameServer(from, url)),
    )
    const look = firstLook(candidates, silent, untold)
    const servers = [...stunUrls, ...(turn ? [turn.url] : [])]
    const base = { ...look, servers, spokenTo: stunUrls.flatMap(hostOf) }
    const nothing = (why: 'no-relay' | 'relay-refuses' | 'no-way'): Observed => ({
      ...base,
      unasked: { is: 'not-tried', why },
    })
    if (!turn || look.udp !== true) return nothing('no-relay')

    await outside.gathered(stepMs, signal, ({ candidates }) => candidates.some(({ type }) => type === 'relay'))
    const from = outside.raw.find(({ type }) => type === 'relay')
    const to = inside.raw.filter(candidate => reachable(candidate, look.sightings))
    if (!from) return nothing('no-relay')
    if (to.length === 0) return nothing('relay-refuses')

    onStep?.('unasked')
    for (const candidate of to) await outside.connection.addIceCandidate(candidate)
    const unasked = await until(stepMs, signal, async () => heardStranger(await inside.entries()))
    onStep?.('asked')
    await inside.connection.addIceCandidate(from)
    const path = await until(stepMs, signal, async () => mappedOnPath(await inside.entries()))
    return { ...base, ...withPath(base.sightings, turn.host, from, path, unasked === true) }
  } finally {
    for (const probe of [inside, outside]) probe.close()
  }
}

/** Adds what the relay contributes: it counts as another port on the server's host. */
function withPath(
  sightings: readonly Sighting[],
  host: string,
  relay: RTCIceCandidate,
  path: ReturnType<typeof mappedOnPath>,
  gotIn: boolean,
): Pick<Observed, 'sightings' | 'unasked'> {
  const port = relay.port ?? 0
  // Assume that a host name means the same machine as the relay; an IP address shows whether the relay is elsewhere.
  const where = isAddress(host) && relay.address && relay.address !== host ? relay.address : host
  const unasked: Unasked = { is: gotIn ? 'got-in' : 'kept-out', host: where, whenAsked: path !== undefined }
  const [first] = sightings
  if (!path || !first || path.type === 'host') return { sightings, unasked }
  return { sightings: [...sightings, { host: where, port, mapped: path.mapped }], unasked }
}

const isAddress = (host: string) => /^\d+(\.\d+){3}$/.test(host) || host.startsWith('[')

function hostOf(url: string): readonly string[] {
  const parsed = parseServerUrl(url)
  return 'problem' in parsed ? [] : [parsed.host]
}

/** Whether the relay can send to a candidate: only our outside address, since relays refuse private ones. */
function reachable({ type, protocol, address, port }: RTCIceCandidate, sightings: readonly Sighting[]): boolean {
  const place = placeOf({ address: address ?? '', port: port ?? undefined })
  return type === 'srflx' && protocol === 'udp' && sightings.some(({ mapped }) => mapped === place)
}

/** Exchanges descriptions without candidates, so that neither side sends anything too early. */
async function negotiate(inside: Probe, outside: Probe): Promise<void> {
  const offer = await inside.start()
  await outside.connection.setRemoteDescription(offer)
  const answer = await outside.connection.createAnswer()
  await outside.connection.setLocalDescription(answer)
  await inside.connection.setRemoteDescription(answer)
}

/**
 * Finds out which STUN servers answer, asking each over a connection of its own: if two servers see the same address,
 * browsers report only one of them, and some report nothing if an answer says nothing new. `untold`: for some servers
 * it cannot be determined.
 */
async function askApart(
  stunUrls: readonly string[],
  turn: AskedServer | undefined,
  signal: AbortSignal,
): Promise<{ readonly answering: readonly string[]; readonly untold: boolean }> {
  const stun = stunUrls.map(url => ({ url, username: '', credential: '' }))
  const servers = turn ? [...stun, turn] : stun
  const how = { servers, relayOnly: false }
  const gatherings = await gatherEach({
    ...how,
    poolSize: 0,
    limitMs: gatherMs,
    signal,
    enough: (server, gathering) =>
      judgeServers({ servers: [server], relayOnly: false, gatherings: [gathering] })[0]?.verdict.is === 'ok',
  })
  const judged = judgeServers({ ...how, gatherings }).filter(({ url }) => stunUrls.includes(url))
  return {
    answering: judged
      .filter(({ verdict }) => verdict.is === 'ok' || verdict.is === 'same-address')
      .map(({ url }) => url),
    untold: judged.some(({ verdict }) => verdict.is === 'cannot-tell'),
  }
}

async function until<T>(ms: number, signal: AbortSignal, look: () => Promise<T>): Promise<T | undefined> {
  const end = performance.now() + ms
  for (;;) {
    const found = await look()
    if (found) return found
    if (performance.now() >= end) return undefined
    await pause(100, signal)
  }
}

/** A peer connection of the probe and what it has gathered. */
class Probe {
  readonly connection: RTCPeerConnection
  readonly raw: RTCIceCandidate[] = []
  readonly candidates: GatheredCandidate[] = []
  readonly #began = performance.now()

  constructor(iceServers: RTCIceServer[], iceTransportPolicy: RTCIceTransportPolicy) {
    this.connection = new RTCPeerConnection({ iceServers, iceTransportPolicy })
    this.connection.onicecandidate = ({ candidate }) => {
      if (!candidate?.candidate) return
      this.raw.push(candidate)
      this.candidates.push(candidateOf(candidate, performance.now() - this.#began))
    }
  }

  /** Resolves when `enough` says so, when gathering is complete, or when the time is up. */
  async gathered(ms: number, signal: AbortSignal, enough: (probe: Probe) => boolean): Promise<void> {
    const first = () => this.candidates.find(({ type }) => type !== 'host')?.atMs
    await until(ms, signal, async () => {
      if (enough(this) || this.connection.iceGatheringState === 'complete') return true
      // If one server has answered, the others would have by now, unless their answers say nothing new.
      const at = first()
      return at !== undefined && performance.now() - this.#began > at + afterFirstMs
    })
  }

  /** Starts gathering. The offer contains no candidates. */
  async start(): Promise<RTCSessionDescriptionInit> {
    this.connection.createDataChannel('lab')
    const offer = await this.connection.createOffer()
    await this.connection.setLocalDescription(offer)
    return offer
  }

  async entries(): Promise<readonly Entry[]> {
    return [...(await this.connection.getStats()).values()]
  }

  close(): void {
    this.connection.onicecandidate = null
    this.connection.close()
  }
}
