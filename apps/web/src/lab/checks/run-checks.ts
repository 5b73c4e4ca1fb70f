import type { Session } from '@parley/client'
import { makeReport, type Report } from '../report/report.ts'
import { runWithin } from '../report/run.ts'
import { type Check, type CheckId, checks } from './check-list.ts'
import type { Ended } from './summary.ts'

export interface RunChecksOptions {
  readonly ids: readonly CheckId[]
  readonly session: Session | undefined
  readonly seconds: number
  readonly signal: AbortSignal
  readonly onChange: (ended: readonly Ended[], now: CheckId | undefined) => void
}

/** One after the other, so that they do not disturb each other. One that hangs or fails does not hold up the rest. */
export async function runChecks({
  ids,
  session,
  seconds,
  signal,
  onChange,
}: RunChecksOptions): Promise<readonly Ended[]> {
  const ended: Ended[] = []
  for (const id of ids) {
    onChange([...ended], id)
    ended.push({ check: id, outcome: await runOne(checks[id], { session, seconds, signal }) })
    signal.throwIfAborted()
  }
  onChange([...ended], undefined)
  return ended
}

type Context = Pick<RunChecksOptions, 'session' | 'seconds' | 'signal'>

async function runOne(check: Check, { session, seconds, signal }: Context): Promise<Ended['outcome']> {
  if (!session && !check.offline) return { status: 'skipped' }
  const work = async (inner: AbortSignal): Promise<Report> =>
    makeReport(await check.run({ session, seconds, signal: inner }), new Date(), navigator.userAgent)
  return runWithin(work, { timeLimitMs: check.limitMs(seconds), signal })
}

/** The longest all of them can take, with time to spare. */
export function checksLimitMs(ids: readonly CheckId[], seconds: number): number {
  return ids.reduce((sum, id) => sum + checks[id].limitMs(seconds), 5000)
}
