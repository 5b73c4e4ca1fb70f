import { type GatheredCandidate, type Gathering, type GatheringError, placeOf } from './gathering.ts'
import { isTurn, parseServerUrl, sameServer } from './server-url.ts'

/** What one STUN or TURN address turned out to be. */
export type ServerVerdict =
  /** It gave an address: `address` is what it gave. */
  | { readonly is: 'ok'; readonly atMs: number; readonly address: string }
  /** STUN: it answers, and sees the address that this computer already has. */
  | { readonly is: 'same-address' }
  /** STUN with relayed candidates alone: browsers do not ask. */
  | { readonly is: 'not-asked' }
  /** 401. `inferred`: another way to the same server with the same password was refused. */
  | { readonly is: 'wrong-credentials'; readonly inferred: boolean }
  /** Another error of the server, by its STUN error code (RFC 8656 §19). */
  | { readonly is: 'refused'; readonly code: number; readonly text: string }
  | { readonly is: 'unresolved' }
  /** 701: the browser says that no answer came. */
  | { readonly is: 'unreachable'; readonly text: string }
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
  readonly gathering: Gathering
}

/** A verdict for each address that was asked. Pure. */
export function judgeServers({ servers, relayOnly, gathering }: JudgeOptions): readonly JudgedServer[] {
  const first = servers.map(server => ({ ...server, verdict: judgeOne(server, servers, relayOnly, gathering) }))
  return first.map(({ url, username, credential, verdict }) => {
    if (verdict.is !== 'no-answer' || !turn(url)) return { url, verdict }
    const refused = first.some(
      other =>
        other.verdict.is === 'wrong-credentials' && other.username === username && other.credential === credential,
    )
    return { url, verdict: refused ? { is: 'wrong-credentials', inferred: true } : verdict }
  })
}

function judgeOne(
  { url }: AskedServer,
  servers: readonly AskedServer[],
  relayOnly: boolean,
  { candidates, errors, end }: Gathering,
): ServerVerdict {
  if (relayOnly && !turn(url)) return { is: 'not-asked' }
  const mine = candidates.find(candidate => comesFrom(candidate, url, servers))
  if (mine) return { is: 'ok', atMs: mine.atMs, address: placeOf(mine) }
  const told = errors.filter(error => sameServer(error.url, url))
  const answered = told.find(({ code }) => code >= 300 && code < 700)
  if (answered?.code === 401) return { is: 'wrong-credentials', inferred: false }
  if (answered) return { is: 'refused', code: answered.code, text: answered.text }
  if (told.length > 0 && told.every(({ text }) => /lookup|resolve/i.test(text))) return { is: 'unresolved' }
  if (!turn(url) && sawOurAddress(url, candidates)) return { is: 'same-address' }
  if (!end) return { is: 'waiting' }
  if (!turn(url) && end.by === 'browser' && someHeardSilently(url, candidates, told)) return { is: 'same-address' }
  // Some network interfaces may fail at once; only when the browser is through with all it is the server's fault.
  return told.length > 0 ? { is: 'unreachable', text: textOf(told) } : { is: 'no-answer', withinMs: end.atMs }
}

/**
 * Browsers report each interface from which STUN was not answered, and make no candidate where the answer says nothing
 * new. So when they are through, a host candidate of the server's IP version whose port had no error was answered.
 */
function someHeardSilently(url: string, candidates: Gathering['candidates'], told: readonly GatheringError[]): boolean {
  const server = parseServerUrl(url)
  if ('problem' in server) return false
  const version = versionOf(server.host)
  const silent = candidates.filter(
    ({ type, protocol, port }) =>
      type === 'host' && protocol === 'udp' && port !== undefined && !told.some(({ fromPort }) => fromPort === port),
  )
  if (version === undefined) return told.length === 0 && silent.length > 0
  return silent.some(({ address }) => versionOf(address) === version)
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

/** A browser that names no server with its candidates is believed where only one server can be meant. */
function comesFrom({ type, url }: GatheredCandidate, server: string, servers: readonly AskedServer[]): boolean {
  const wanted = turn(server) ? 'relay' : 'srflx'
  if (type !== wanted) return false
  if (url !== '') return sameServer(url, server)
  return servers.filter(other => turn(other.url) === turn(server)).length === 1
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
  'no-answer': 'fail',
  waiting: 'unknown',
}
