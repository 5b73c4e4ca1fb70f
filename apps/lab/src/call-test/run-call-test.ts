import type { Session } from '@parley/client'
import { type Outcome, pause, runWithin } from '../report/run.ts'
import { lookAtServer, type ServerLook } from '../server/look.ts'
import { gatherEach } from '../trickle/gather.ts'
import { parseServerUrl } from '../trickle/server-url.ts'
import { needsPassword, serversOf } from '../trickle/servers.ts'
import { type JudgedServer, judgeServers } from '../trickle/verdict.ts'
import { type CallSample, median, summarize } from './measure.ts'
import { type CallPort, NotOffered, type OpenCall } from './port.ts'
import type { CallKind, CallResult, CallTestResult, PublicAddress, Signalling } from './result.ts'

export type Step = 'signalling' | 'turn' | CallKind

export interface CallTestOptions {
  /** Undefined if the server cannot be reached. */
  readonly session: Session | undefined
  readonly calls: CallPort
  /** Verdicts on the relays from an earlier check, so that they need not be tested again. */
  readonly turn?: readonly JudgedServer[] | undefined
  readonly look?: (signal: AbortSignal) => Promise<ServerLook>
  readonly kinds: readonly CallKind[]
  /** How long each call is measured. */
  readonly seconds: number
  readonly signal: AbortSignal
  readonly onStep?: (step: Step, so: CallTestResult) => void
}

const requests = 5
const requestLimitMs = 5000
const turnLimitMs = 6000
const echoLimitMs = 3000
/** Connecting usually takes a second or two, and about five over the slowest route. */
const setUpLimitMs = 20_000
/** Skips the first second, in which congestion control is still starting up and values mean little. */
const settleMs = 1000

/** Upper limit for the duration of the whole test, with some margin. */
export function callTestLimitMs(kinds: number, seconds: number): number {
  return 2 * requestLimitMs + turnLimitMs + echoLimitMs + kinds * (setUpLimitMs + settleMs + seconds * 1000 + 2000)
}

/** Tests signalling, then each transport to the relay, then each kind of call in turn. */
export async function runCallTest(options: CallTestOptions): Promise<CallTestResult> {
  const { session, calls, kinds, seconds, signal, onStep } = options
  let so: CallTestResult = { signalling: { is: 'unreachable', error: 'not connected' }, turn: [], calls: [] }
  onStep?.('signalling', so)
  if (!session) return so
  const [signalling, server] = await Promise.all([askServer(session, signal), (options.look ?? lookAtServer)(signal)])
  so = { ...so, signalling, server }
  if (so.signalling.is === 'unreachable') return so
  onStep?.('turn', so)
  const turn = options.turn ?? (await askRelays(session, server, signal))
  so = { ...so, turn, publicAddress: await askPublicAddress(turn, session, signal) }
  const relayed = turn.some(({ verdict }) => verdict.is === 'ok')
  for (const kind of kinds) {
    onStep?.(kind, so)
    const call =
      kind === 'relayed' && !relayed ? noRelay(turn.length > 0) : await measureCall(kind, calls, seconds, signal)
    so = { ...so, calls: [...so.calls, call] }
  }
  return so
}

/** Typical duration of a request to the server. */
async function askServer(session: Session, signal: AbortSignal): Promise<Signalling> {
  const times: number[] = []
  const outcome = await runWithin(
    async inner => {
      while (times.length < requests) {
        inner.throwIfAborted()
        const began = performance.now()
        await session.peek('lab')
        times.push(performance.now() - began)
      }
    },
    { timeLimitMs: requestLimitMs, signal },
  )
  signal.throwIfAborted()
  const roundTripMs = median(times)
  if (roundTripMs !== undefined) return { is: 'answered', roundTripMs }
  return { is: 'unreachable', error: describe(outcome) }
}

const noRelay = (offered: boolean): CallResult =>
  offered
    ? { kind: 'relayed', is: 'no-way', reason: 'no way to the relay is open' }
    : { kind: 'relayed', is: 'not-offered', reason: 'no TURN' }

/** Tests every TURN address separately, all in parallel. */
async function askRelays(session: Session, server: ServerLook, signal: AbortSignal): Promise<readonly JudgedServer[]> {
  const how = { servers: serversOf(session.iceServers).filter(({ url }) => needsPassword(url)), relayOnly: true }
  if (how.servers.length === 0) return []
  const gatherings = await gatherEach({
    ...how,
    poolSize: 0,
    limitMs: turnLimitMs,
    signal,
    enough: (each, gathering) =>
      judgeServers({ servers: [each], relayOnly: true, gatherings: [gathering] })[0]?.verdict.is !== 'waiting',
  })
  return judgeServers({ ...how, gatherings, ...serverTime(server) })
}

/** What `judgeServers` needs to know about the server of this page. */
export function serverTime({ door, clockOffMs }: ServerLook): { door: string | undefined; now: number | undefined } {
  return { door, now: clockOffMs === undefined ? undefined : Date.now() + clockOffMs }
}

/**
 * Whether the relay can also be reached at the (public) address that it hands out in its candidates. Undefined if the
 * relay cannot be reached over UDP, or hands out the same address that it was reached at.
 */
async function askPublicAddress(
  turn: readonly JudgedServer[],
  { iceServers }: Session,
  signal: AbortSignal,
): Promise<PublicAddress | undefined> {
  const [given] = turn.flatMap(({ url, verdict }) => {
    const door = parseServerUrl(url)
    const server = serversOf(iceServers).find(each => each.url === url)
    if (!server || 'problem' in door || door.scheme !== 'turn' || door.transport !== 'udp' || verdict.is !== 'ok')
      return []
    const address = verdict.address.replace(/:\d+$/, '')
    return address === '' || address === door.host ? [] : [{ address, port: door.port, server }]
  })
  if (!given) return undefined
  const { address, port, server } = given
  const host = address.includes(':') ? `[${address}]` : address
  const how = { servers: [{ ...server, url: `turn:${host}:${port}?transport=udp` }], relayOnly: true }
  const gatherings = await gatherEach({
    ...how,
    poolSize: 0,
    limitMs: echoLimitMs,
    signal,
    enough: (_, gathering) => judgeServers({ ...how, gatherings: [gathering] })[0]?.verdict.is !== 'waiting',
  })
  const is = judgeServers({ ...how, gatherings })[0]?.verdict.is
  return { is: is === 'no-answer' || is === 'unreachable' ? 'silent' : 'answers', address }
}

async function measureCall(kind: CallKind, calls: CallPort, seconds: number, signal: AbortSignal): Promise<CallResult> {
  let open: OpenCall | undefined
  let refusal: string | undefined
  const opening = await runWithin(
    async inner => {
      try {
        const call = await calls.open(kind, inner)
        // The time limit has passed, so nobody else would close this call.
        if (inner.aborted) call.close()
        else open = call
      } catch (error) {
        if (!(error instanceof NotOffered)) throw error
        refusal = error.message
      }
    },
    { timeLimitMs: setUpLimitMs, signal },
  )
  try {
    signal.throwIfAborted()
    if (refusal !== undefined) return { kind, is: 'not-offered', reason: refusal }
    if (!open) return { kind, is: 'failed', reason: describe(opening) }
    await open.sample()
    await pause(settleMs, signal)
    const samples: CallSample[] = []
    for (let second = 0; second < seconds; second++) {
      await pause(1000, signal)
      samples.push(await open.sample())
    }
    return { kind, is: 'measured', setUpMs: open.setUpMs, summary: summarize(samples) }
  } finally {
    open?.close()
  }
}

function describe(outcome: Outcome<unknown>): string {
  if (outcome.status === 'failed') return outcome.error
  return outcome.status === 'timed-out' ? `no answer within ${outcome.afterMs / 1000} s` : outcome.status
}
