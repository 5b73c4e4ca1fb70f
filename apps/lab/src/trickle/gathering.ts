import { type PriorityParts, splitPriority } from './priority.ts'
import { parseServerUrl } from './server-url.ts'

/** A candidate as it came (RFC 8839 §5.1), each part as the browser names it. */
export interface GatheredCandidate {
  /** Since gathering began. */
  readonly atMs: number
  readonly type: string
  readonly foundation: string
  readonly protocol: string
  /** Empty where the browser hides it. */
  readonly address: string
  readonly port: number | undefined
  readonly priority: PriorityParts | undefined
  /** The server it came from; empty for host candidates, and where the browser does not say. */
  readonly url: string
  /** How the relay is reached: `udp`, `tcp`, `tls`. */
  readonly relayProtocol: string
  /** Of a relayed candidate: how the TURN server saw this browser, as `address:port`; empty where hidden. */
  readonly related: string
}

/** What `icecandidateerror` said (W3C WebRTC §4.8.3). */
export interface GatheringError {
  readonly atMs: number
  readonly url: string
  readonly code: number
  readonly text: string
  /** From where the browser asked; the address partly hidden by it, empty and undefined where it does not say. */
  readonly from: string
  readonly fromPort: number | undefined
}

/** One gathering, as far as it has come. */
export interface Gathering {
  readonly candidates: readonly GatheredCandidate[]
  readonly errors: readonly GatheringError[]
  /** How it ended and when; undefined while it runs. `limit`: our time limit, browsers wait up to 40 s. */
  readonly end: { readonly by: 'browser' | 'limit'; readonly atMs: number } | undefined
}

export const nothingGathered: Gathering = { candidates: [], errors: [], end: undefined }

/** The parts of an RTCIceCandidate that are looked at; browsers leave some out, old ones all but the line. */
export interface RawCandidate {
  readonly candidate?: string
  readonly type?: string | null
  readonly foundation?: string | null
  readonly protocol?: string | null
  readonly address?: string | null
  readonly port?: number | null
  readonly priority?: number | null
  readonly relatedAddress?: string | null
  readonly relatedPort?: number | null
  readonly url?: string | null
  readonly relayProtocol?: string | null
}

const line = /^candidate:(\S+) \d+ (\S+) (\d+) (\S+) (\d+) typ (\S+)(?: raddr (\S+) rport (\d+))?/i

/** What the line says (candidate-attribute, RFC 8839 §5.1). */
function partsOf(candidate = ''): { readonly [Part in keyof RawCandidate]?: RawCandidate[Part] | undefined } {
  const [whole, foundation, protocol, priority, address, port, type, relatedAddress, relatedPort] =
    line.exec(candidate) ?? []
  if (whole === undefined) return {}
  const number = (digits: string | undefined) => (digits === undefined ? null : Number(digits))
  return {
    ...{ foundation, protocol: protocol?.toLowerCase(), address, type, relatedAddress },
    ...{ priority: number(priority), port: number(port), relatedPort: number(relatedPort) },
  }
}

/** `server`: the one that was asked, where only one was, since not every browser names it. */
export function candidateOf(raw: RawCandidate, atMs: number, server = ''): GatheredCandidate {
  const written = partsOf(raw.candidate)
  const type = raw.type ?? written.type
  const address = raw.address ?? written.address
  const relatedAddress = raw.relatedAddress ?? written.relatedAddress
  const relatedPort = raw.relatedPort ?? written.relatedPort
  const url = raw.url || (type === 'srflx' || type === 'relay' ? server : '')
  const hidden = !relatedAddress || relatedAddress === '0.0.0.0' || relatedAddress === '::' || !relatedPort
  return {
    atMs,
    type: type ?? '',
    foundation: raw.foundation ?? written.foundation ?? '',
    protocol: raw.protocol ?? written.protocol ?? '',
    address: address ?? '',
    port: raw.port ?? written.port ?? undefined,
    priority: splitPriority(raw.priority ?? written.priority),
    url,
    relayProtocol: type === 'relay' ? (raw.relayProtocol ?? relayProtocolOf(url)) : '',
    related: hidden ? '' : `${relatedAddress}:${relatedPort}`,
  }
}

/**
 * Gatherings of several connections as one. Each of them has a port of its own on every network interface of this
 * computer: of these candidates the first stands for all.
 */
export function mergeGatherings(gatherings: readonly Gathering[]): Gathering {
  const byTime = <T extends { readonly atMs: number }>(all: readonly T[]) => [...all].sort((a, b) => a.atMs - b.atMs)
  const places = new Set<string>()
  const candidates = byTime(gatherings.flatMap(each => each.candidates)).filter(({ type, protocol, address }) => {
    if (type !== 'host') return true
    const known = places.size
    return places.add(`${protocol} ${address}`).size > known
  })
  const ends = gatherings.flatMap(({ end }) => end ?? [])
  const whole = ends.length > 0 && ends.length === gatherings.length
  return {
    candidates,
    errors: byTime(gatherings.flatMap(each => each.errors)),
    end: whole
      ? {
          by: ends.some(({ by }) => by === 'limit') ? 'limit' : 'browser',
          atMs: Math.max(...ends.map(({ atMs }) => atMs)),
        }
      : undefined,
  }
}

/** `address:port`, or what is known of it. */
export function placeOf({ address, port }: Pick<GatheredCandidate, 'address' | 'port'>): string {
  return port === undefined ? address : `${address}:${port}`
}

/** Chromium leaves it out for UDP; the address says it, too. */
function relayProtocolOf(url: string): string {
  const parsed = parseServerUrl(url)
  if ('problem' in parsed) return ''
  return parsed.scheme === 'turns' ? 'tls' : parsed.transport
}

/** Errors that say the same, from every network interface of this computer: one line. */
export interface ErrorGroup {
  readonly url: string
  readonly code: number
  readonly text: string
  readonly firstAtMs: number
  readonly count: number
  readonly from: readonly string[]
}

export function groupErrors(errors: readonly GatheringError[]): readonly ErrorGroup[] {
  const groups = new Map<string, ErrorGroup>()
  for (const { url, code, text, atMs, from } of errors) {
    const key = JSON.stringify([url, code, text])
    const known = groups.get(key)
    const seen = known?.from ?? []
    groups.set(key, {
      url,
      code,
      text,
      firstAtMs: known?.firstAtMs ?? atMs,
      count: (known?.count ?? 0) + 1,
      from: from === '' || seen.includes(from) ? seen : [...seen, from],
    })
  }
  return [...groups.values()]
}
