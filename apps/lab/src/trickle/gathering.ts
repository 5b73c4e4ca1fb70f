import { type PriorityParts, splitPriority } from './priority.ts'
import { parseServerUrl } from './server-url.ts'

/** A candidate as it arrived (RFC 8839 §5.1), with the browser's names for its parts. */
export interface GatheredCandidate {
  /** ms since gathering began. */
  readonly atMs: number
  readonly type: string
  readonly foundation: string
  readonly protocol: string
  /** Empty if the browser hides it. */
  readonly address: string
  readonly port: number | undefined
  readonly priority: PriorityParts | undefined
  /** The server it came from; empty for host candidates, and if the browser does not say. */
  readonly url: string
  /** The transport to the relay: `udp`, `tcp`, `tls`. */
  readonly relayProtocol: string
  /** Related `address:port`; for relayed candidates, how the TURN server saw this browser. Empty if hidden. */
  readonly related: string
}

/** The content of an `icecandidateerror` event (W3C WebRTC §4.8.3). */
export interface GatheringError {
  readonly atMs: number
  readonly url: string
  readonly code: number
  readonly text: string
  /** Where the browser sent from. The address may be partly hidden; empty and undefined if it does not say. */
  readonly from: string
  readonly fromPort: number | undefined
}

/** The state of one gathering so far. */
export interface Gathering {
  readonly candidates: readonly GatheredCandidate[]
  readonly errors: readonly GatheringError[]
  /** How and when it ended; undefined while it is running. `limit`: our time limit, since browsers wait up to 40 s. */
  readonly end: { readonly by: 'browser' | 'limit'; readonly atMs: number } | undefined
}

export const nothingGathered: Gathering = { candidates: [], errors: [], end: undefined }

/** The parts of an RTCIceCandidate used here. Browsers omit some of them; old ones give only the candidate line. */
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

/** Parses the candidate line (candidate-attribute, RFC 8839 §5.1). */
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

/** `server`: the server that was asked, if there was only one, since not every browser names it. */
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
 * Merges the gatherings of several connections. Each connection has its own port on every network interface of this
 * computer, so of its host candidates only the first per protocol and address is kept.
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

/** `address:port`, or just the address if the port is not known. */
export function placeOf({ address, port }: Pick<GatheredCandidate, 'address' | 'port'>): string {
  return port === undefined ? address : `${address}:${port}`
}

/** Derives the transport from the server's URL, since Chromium omits `relayProtocol` for UDP. */
function relayProtocolOf(url: string): string {
  const parsed = parseServerUrl(url)
  if ('problem' in parsed) return ''
  return parsed.scheme === 'turns' ? 'tls' : parsed.transport
}

/** Identical errors from several network interfaces of this computer, shown as one line. */
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
