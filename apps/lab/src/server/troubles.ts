import { type ServerTrouble, serverTroubles } from '@parley/protocol'
import type { Finding } from '../report/report.ts'
import { runWithin } from '../report/run.ts'

const askLimitMs = 4000

/** What the server has found to be wrong with itself; nothing where it does not answer, which is another finding's matter. */
export async function askTroubles(signal: AbortSignal): Promise<readonly ServerTrouble[]> {
  const outcome = await runWithin(
    async inner => {
      const response = await fetch('/api/info', { cache: 'no-store', signal: inner })
      return response.ok ? troublesIn(await response.json()) : []
    },
    { timeLimitMs: askLimitMs, signal },
  )
  return outcome.status === 'done' ? outcome.value : []
}

/** Those that this page knows, of the answer of a server that may be newer. */
export function troublesIn(info: unknown): readonly ServerTrouble[] {
  const named = typeof info === 'object' && info !== null && 'troubles' in info ? info.troubles : undefined
  return Array.isArray(named) ? serverTroubles.filter(trouble => named.includes(trouble)) : []
}

/** As findings of the page `checks`: a person here may not feel it, others do, and only the server’s operator can mend it. */
export function troubleFindings(troubles: readonly ServerTrouble[]): readonly Finding[] {
  return troubles.map(trouble => ({ id: `server-${trouble}`, status: 'warn' }))
}
