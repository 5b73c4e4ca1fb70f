import { type ServerTrouble, serverTroubles } from '@parley/protocol'
import type { Finding } from '../report/report.ts'
import { runWithin } from '../report/run.ts'

const askLimitMs = 4000

/** Problems that the server reports about itself; empty if it does not answer, which other findings cover. */
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

/** The problems in the server's answer that this page knows; a newer server may report others. */
export function troublesIn(info: unknown): readonly ServerTrouble[] {
  const named = typeof info === 'object' && info !== null && 'troubles' in info ? info.troubles : undefined
  return Array.isArray(named) ? serverTroubles.filter(trouble => named.includes(trouble)) : []
}

/** Warnings for the page `checks`: this person may not be affected, and only the server's operator can fix them. */
export function troubleFindings(troubles: readonly ServerTrouble[]): readonly Finding[] {
  return troubles.map(trouble => ({ id: `server-${trouble}`, status: 'warn' }))
}
