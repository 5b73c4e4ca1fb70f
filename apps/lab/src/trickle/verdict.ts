import { type GatheredCandidate, type Gathering, type GatheringError, nothingGathered, placeOf } from './gathering.ts'
import { isTurn, parseServerUrl } from './server-url.ts'

/** The result of testing one STUN or TURN address. */
export type ServerVerdict =
  /** It works; `address` is the address it gave us. */
  | { readonly is: 'ok'; readonly atMs: number; readonly address: string }
  /** STUN: it answers, and sees the same address that this computer has. */
  | { readonly is: 'same-address' }
  /** STUN while only relayed candidates are gathered: browsers do not ask it. */
  | { readonly is: 'not-asked' }
  /**
   * STUN error 401. `inferred`: another address with the same user name and password was refused. `endedForMs`: how
   * long ago a short-lived password expired, according to its user name.
   */
  | { readonly is: 'wrong-credentials'; readonly inferred: boolean; readonly endedForMs?: number }
  /** Another error from the server, by its STUN error code (RFC 8656 §19). */
  | { readonly is: 'refused'; readonly code: number; readonly text: string }
  | { readonly is: 'unresolved' }
  /** Error 701: the browser reports that no answer came. */
  | { readonly is: 'unreachable'; readonly text: string }
  /** TURN over TLS on the host and port that served this page: the browser does not trust the certificate for TURN. */
  | { readonly is: 'untrusted' }
  /** Some network interfaces got no answer, and the browser does not say whether others did. */
  | { readonly is: 'cannot-tell' }
  /** Nothing was heard from it before gathering ended. */
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
  /** The gathering of each server, in the order of `servers`. */
  readonly gatherings: readonly Gathering[]
  /** `host:port` that is known to answer over TLS, such as that of this page. */
  readonly door?: string | undefined
  /** The server's time, ms since 1970, by which passwords expire. */
  readonly now?: number | undefined
}

/** One verdict per address that was asked. Pure. */
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

/** How many ms ago a short-lived password expired. Its user name begins with the expiry time in seconds. */
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
  // Some network interfaces may fail immediately; blame the server only once the browser is done with all of them.
  if (errors.length > 0 && errors.every(({ text }) => /lookup|resolve/i.test(text))) return { is: 'unresolved' }
  if (!turn(url) && end.by === 'browser') {
    const silence = silenceOf(url, candidates, errors)
    if (silence !== 'none') return { is: silence }
  }
  return errors.length > 0 ? { is: 'unreachable', text: textOf(errors) } : { is: 'no-answer', withinMs: end.atMs }
}

/**
 * Browsers report an error for each interface without a STUN answer, and create no candidate if an answer says nothing
 * new. So once they are done, a host candidate of the server's IP version without an error for its port was answered.
 * If a host name or a hidden address leaves the IP version open, an error on one interface says nothing about others.
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

/** The IP version; undefined for host names, including those of hidden host candidates. */
function versionOf(host: string): 4 | 6 | undefined {
  if (host.includes(':')) return 6
  return /^\d+(\.\d+){3}$/.test(host) ? 4 : undefined
}

function turn(url: string): boolean {
  const parsed = parseServerUrl(url)
  return !('problem' in parsed) && isTurn(parsed)
}

/**
 * Whether a TURN server on the same host and port saw us at the address of one of our host candidates (the related
 * address of its relayed candidate, RFC 8839 §5.1). STUN there says nothing new, so browsers report nothing.
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
