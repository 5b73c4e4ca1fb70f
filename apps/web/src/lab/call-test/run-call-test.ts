import type { Session } from '@parley/client'
import { type Outcome, pause, runWithin } from '../report/run.ts'
import { gather } from '../trickle/gather.ts'
import { needsPassword, serversOf, toIceServers } from '../trickle/servers.ts'
import { type JudgedServer, judgeServers } from '../trickle/verdict.ts'
import { type CallSample, median, summarize } from './measure.ts'
import { type CallPort, NotOffered, type OpenCall } from './port.ts'
import type { CallKind, CallResult, CallTestResult, Signalling } from './result.ts'

export type Step = 'signalling' | 'turn' | CallKind

export interface CallTestOptions {
  /** Undefined: the server cannot be reached. */
  readonly session: Session | undefined
  readonly calls: CallPort
  readonly kinds: readonly CallKind[]
  /** How long each call is measured. */
  readonly seconds: number
  readonly signal: AbortSignal
  readonly onStep?: (step: Step, so: CallTestResult) => void
}

const requests = 5
const requestLimitMs = 5000
const turnLimitMs = 6000
const setUpLimitMs = 30_000
/** The first second is the start-up of the congestion control, which says little. */
const settleMs = 1000

/** The longest it can take, with time to spare. */
export function callTestLimitMs(kinds: number, seconds: number): number {
  return 2 * requestLimitMs + turnLimitMs + kinds * (setUpLimitMs + settleMs + seconds * 1000 + 2000)
}

/** Tests signalling, each way to the relay, and calls of each kind, one after the other. */
export async function runCallTest(options: CallTestOptions): Promise<CallTestResult> {
  const { session, calls, kinds, seconds, signal, onStep } = options
  let so: CallTestResult = { signalling: { is: 'unreachable', error: 'not connected' }, turn: [], calls: [] }
  onStep?.('signalling', so)
  if (!session) return so
  so = { ...so, signalling: await askServer(session, signal) }
  if (so.signalling.is === 'unreachable') return so
  onStep?.('turn', so)
  so = { ...so, turn: await askRelays(session, signal) }
  for (const kind of kinds) {
    onStep?.(kind, so)
    const call: CallResult =
      kind === 'relayed' && so.turn.length === 0
        ? { kind, is: 'not-offered', reason: 'no TURN' }
        : await measureCall(kind, calls, seconds, signal)
    so = { ...so, calls: [...so.calls, call] }
  }
  return so
}

/** How long a question to the server takes, typically. */
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

/** Every TURN address by itself, all at once. */
async function askRelays(session: Session, signal: AbortSignal): Promise<readonly JudgedServer[]> {
  const servers = serversOf(session.iceServers).filter(({ url }) => needsPassword(url))
  return Promise.all(
    servers.map(async server => {
      const judge = (gathering: Parameters<typeof judgeServers>[0]['gathering']) =>
        judgeServers({ servers: [server], relayOnly: true, gathering })[0]
      const gathering = await gather({
        servers: toIceServers([server]),
        relayOnly: true,
        poolSize: 0,
        limitMs: turnLimitMs,
        signal,
        enough: so => judge(so)?.verdict.is !== 'waiting',
      })
      return judge(gathering) ?? { url: server.url, verdict: { is: 'no-answer', withinMs: turnLimitMs } }
    }),
  )
}

async function measureCall(kind: CallKind, calls: CallPort, seconds: number, signal: AbortSignal): Promise<CallResult> {
  let open: OpenCall | undefined
  let refusal: string | undefined
  const opening = await runWithin(
    async inner => {
      try {
        const call = await calls.open(kind, inner)
        // Too late: nobody would close it.
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
