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
  /** Called on every change; `now` lists the checks that are running. */
  readonly onChange: (ended: readonly Ended[], now: readonly CheckId[]) => void
}

const groups = [1, 2, 3] as const

/** The result of a run. */
export interface Checked {
  readonly ended: readonly Ended[]
  /** Problems that the server reports about itself. */
  readonly troubles: readonly ServerTrouble[]
}

/**
 * Runs checks that would disturb each other in sequence, and the rest in parallel. A check that hangs or fails does not
 * hold up the others.
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
  // Asked last, because the server may have noticed a problem only during this run.
  return { ended, troubles: await askTroubles(signal) }
}

async function runOne(check: Check, context: CheckContext): Promise<Ended['outcome']> {
  if (!context.session && !check.offline) return { status: 'skipped' }
  const work = async (signal: AbortSignal): Promise<Report> =>
    makeReport(await check.run({ ...context, signal }), new Date(), navigator.userAgent)
  return runWithin(work, { timeLimitMs: check.limitMs(context.seconds), signal: context.signal })
}

/** Upper limit for the duration of all checks together, with some margin. */
export function checksLimitMs(ids: readonly CheckId[], seconds: number): number {
  return ids.reduce((sum, id) => sum + checks[id].limitMs(seconds), 5000)
}
