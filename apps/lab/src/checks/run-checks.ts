import type { Session } from '@parley/client'
import type { ServerTrouble } from '@parley/protocol'
import { makeReport, type Report } from '../report/report.ts'
import { runWithin } from '../report/run.ts'
import { askTroubles } from '../server/troubles.ts'
import { type Check, type CheckContext, type CheckId, checks } from './check-list.ts'
import type { Ended } from './summary.ts'

export interface RunChecksOptions {
  readonly ids: readonly CheckId[]
  readonly session: Session | undefined
  readonly seconds: number
  readonly signal: AbortSignal
  /** Called with every change; `now` are those that run. */
  readonly onChange: (ended: readonly Ended[], now: readonly CheckId[]) => void
}

const groups = [1, 2, 3] as const

/** What there is after a run. */
export interface Checked {
  readonly ended: readonly Ended[]
  /** What the server has found to be wrong with itself. */
  readonly troubles: readonly ServerTrouble[]
}

/**
 * Those that would disturb each other one after the other, the rest at once. One that hangs or fails does not hold up the
 * rest.
 */
export async function runChecks({ ids, session, seconds, signal, onChange }: RunChecksOptions): Promise<Checked> {
  const known = {}
  let ended: readonly Ended[] = []
  let now: readonly CheckId[] = []
  const change = () => onChange(ended, now)
  for (const group of groups) {
    now = ids.filter(id => checks[id].group === group)
    change()
    await Promise.all(
      now.map(async id => {
        const one = { check: id, outcome: await runOne(checks[id], { session, seconds, signal, known }) }
        ended = [...ended, one].sort((a, b) => ids.indexOf(a.check) - ids.indexOf(b.check))
        now = now.filter(each => each !== id)
        change()
      }),
    )
    signal.throwIfAborted()
  }
  // Last: what the server knows, it may have learnt from this very guest.
  return { ended, troubles: await askTroubles(signal) }
}

async function runOne(check: Check, context: CheckContext): Promise<Ended['outcome']> {
  if (!context.session && !check.offline) return { status: 'skipped' }
  const work = async (signal: AbortSignal): Promise<Report> =>
    makeReport(await check.run({ ...context, signal }), new Date(), navigator.userAgent)
  return runWithin(work, { timeLimitMs: check.limitMs(context.seconds), signal: context.signal })
}

/** The longest all of them can take, with time to spare. */
export function checksLimitMs(ids: readonly CheckId[], seconds: number): number {
  return ids.reduce((sum, id) => sum + checks[id].limitMs(seconds), 5000)
}
