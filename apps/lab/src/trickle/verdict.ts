import { type GatheredCandidate, type Gathering, type GatheringError, nothingGathered, placeOf } from './gathering.ts'
import { isTurn, parseServerUrl } from './server-url.ts'

/** What one STUN or TURN address turned out to be. */
export type ServerVerdict =
  /** It gave an address: `address` is what it gave. */
  | { readonly is: 'ok'; readonly atMs: number; readonly address: string }
  /** STUN: it answers, and sees the address that this computer already has. */
  | { readonly is: 'same-address' }
  /** STUN with relayed candidates alone: browsers do not ask. */
  | { readonly is: 'not-asked' }
  /**
   * 401. `inferred`: another way to the same server with the same password was refused. `endedForMs`: a short-lived
   * password whose user name says that it has ended, and how long ago.
   */
  | { readonly is: 'wrong-credentials'; readonly inferred: boolean; readonly endedForMs?: number }
  /** Another error of the server, by its STUN error code (RFC 8656 §19). */
  | { readonly is: 'refused'; readonly code: number; readonly text: string }
  | { readonly is: 'unresolved' }
  /** 701: the browser says that no answer came. */
  | { readonly is: 'unreachable'; readonly text: string }
  /** TURN over TLS at the very door that this page came through: what is missing is trust in its certificate. */
  | { readonly is: 'untrusted' }
  /** Some network interfaces got no answer, and of the others the browser does not say. */
  | { readonly is: 'cannot-tell' }
  /** Nothing was heard of it until the end. */
  | { readonly is: 'no-answer'; readonly withinMs: number }
  | { readonly is: 'waiting' }

export interface AskedServer {
  readonly url: string
  readonly username: string
  readonly credential: string
}

export interface JudgedServer {
  readonly url: string
  readonly verdict: ServerVerdict
}

export interface JudgeOptions {
  readonly servers: readonly AskedServer[]
  readonly relayOnly: boolean
  /** What each of the servers brought, in their order. */
  readonly gatherings: readonly Gathering[]
  /** `host:port` that answers over TLS, as that of this page. */
  readonly door?: string | undefined
  /** The server's time, ms since 1970: passwords end by it. */
  readonly now?: number | undefined
}

/** A verdict for each address that was asked. Pure. */
export function judgeServers({ servers, relayOnly, gatherings, door, now }: JudgeOptions): readonly JudgedServer[] {
  const first = servers.map((server, index) => {
    const gathering = gatherings[index] ?? nothingGathered
    const verdict = judgeOne(server.url, relayOnly, gathering, gatherings)
    const ended = verdict.is === 'wrong-credentials' ? endedFor(server.username, now) : undefined
    return { ...server, verdict: ended === undefined ? verdict : { ...verdict, endedForMs: ended } }
  })
  return first.map(({ url, username, credential, verdict }) => {
    if (!turn(url) || (verdict.is !== 'no-answer' && verdict.is !== 'unreachable')) return { url, verdict }
    const refused = first.find(
      other =>
        other.verdict.is === 'wrong-credentials' && other.username === username && other.credential === credential,
    )
    if (verdict.is === 'no-answer' && refused) return { url, verdict: { ...refused.verdict, inferred: true } }
    return { url, verdict: door !== undefined && isDoor(url, door) ? { is: 'untrusted' } : verdict }
  })
}

/** Of a user name that begins with its end in seconds, as servers give them out: how long ago that was. */
function endedFor(username: string, now: number | undefined): number | undefined {
  const [, seconds] = /^(\d{9,11})(?::|$)/.exec(username) ?? []
  if (seconds === undefined || now === undefined) return undefined
  const ago = now - Number(seconds) * 1000
  return ago > 0 ? ago : undefined
}

function isDoor(url: string, door: string): boolean {
  const parsed = parseServerUrl(url)
  return !('problem' in parsed) && parsed.scheme === 'turns' && `${parsed.host}:${parsed.port}` === door
}

function judgeOne(
  url: string,
  relayOnly: boolean,
  { candidates, errors, end }: Gathering,
  all: readonly Gathering[],
): ServerVerdict {
  if (relayOnly && !turn(url)) return { is: 'not-asked' }
  const wanted = turn(url) ? 'relay' : 'srflx'
  const mine = candidates.find(({ type }) => type === wanted)
  if (mine) return { is: 'ok', atMs: mine.atMs, address: placeOf(mine) }
  const answered = errors.find(({ code }) => code >= 300 && code < 700)
  if (answered?.code === 401) return { is: 'wrong-credentials', inferred: false }
  if (answered) return { is: 'refused', code: answered.code, text: answered.text }
  if (!turn(url) && all.some(each => sawOurAddress(url, each.candidates))) return { is: 'same-address' }
  if (!end) return { is: 'waiting' }
  // Some network interfaces may fail at once; only when the browser is through with all it is the server's fault.
  if (errors.length > 0 && errors.every(({ text }) => /lookup|resolve/i.test(text))) return { is: 'unresolved' }
  if (!turn(url) && end.by === 'browser') {
    const silence = silenceOf(url, candidates, errors)
    if (silence !== 'none') return { is: silence }
  }
  return errors.length > 0 ? { is: 'unreachable', text: textOf(errors) } : { is: 'no-answer', withinMs: end.atMs }
}

/**
 * Browsers report each interface from which STUN was not answered, and make no candidate where the answer says nothing
 * new. So when they are through, a host candidate of the server's IP version whose port had no error was answered. Where
 * a name or a hidden address leaves the version open, one interface's error says nothing of the others.
 */
function silenceOf(
  url: string,
  candidates: Gathering['candidates'],
  errors: readonly GatheringError[],
): 'same-address' | 'cannot-tell' | 'none' {
  const server = parseServerUrl(url)
  if ('problem' in server) return 'none'
  const version = versionOf(server.host)
  const silent = candidates.filter(
    ({ type, protocol, port }) =>
      type === 'host' && protocol === 'udp' && port !== undefined && !errors.some(({ fromPort }) => fromPort === port),
  )
  const versions = silent.map(({ address }) => (version === undefined ? undefined : versionOf(address)))
  if (versions.some(each => each !== undefined && each === version)) return 'same-address'
  if (!versions.includes(undefined)) return 'none'
  return errors.length === 0 ? 'same-address' : 'cannot-tell'
}

/** Undefined for names, those of hidden host candidates included. */
function versionOf(host: string): 4 | 6 | undefined {
  if (host.includes(':')) return 6
  return /^\d+(\.\d+){3}$/.test(host) ? 4 : undefined
}

function turn(url: string): boolean {
  const parsed = parseServerUrl(url)
  return !('problem' in parsed) && isTurn(parsed)
}

/**
 * The STUN server's port is a TURN server's, too, which saw us at an address that is one of our host candidates (its
 * related address, RFC 8839 §5.1): STUN there has nothing new to tell, and browsers then say nothing.
 */
function sawOurAddress(url: string, candidates: readonly GatheredCandidate[]): boolean {
  const stun = parseServerUrl(url)
  if ('problem' in stun) return false
  const hosts = candidates.filter(({ type }) => type === 'host').map(placeOf)
  return candidates.some(({ type, url: from, related }) => {
    if (type !== 'relay' || related === '' || !hosts.includes(related)) return false
    const door = parseServerUrl(from)
    return !('problem' in door) && door.host === stun.host && door.port === stun.port && door.transport === 'udp'
  })
}

function textOf(errors: readonly GatheringError[]): string {
  return [...new Set(errors.map(({ text }) => text).filter(text => text !== ''))].join(' ')
}

/** What each verdict means for a call. */
export const statusOf: Readonly<Record<ServerVerdict['is'], 'pass' | 'warn' | 'fail' | 'unknown'>> = {
  ok: 'pass',
  'same-address': 'pass',
  'not-asked': 'unknown',
  'wrong-credentials': 'fail',
  refused: 'fail',
  unresolved: 'fail',
  unreachable: 'fail',
  untrusted: 'fail',
  'cannot-tell': 'unknown',
  'no-answer': 'fail',
  waiting: 'unknown',
}
