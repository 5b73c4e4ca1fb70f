import { measured } from '@parley/diagnostics'
import type { Finding } from '../report/report.ts'
import { setupEnd, setupSpans } from './setup.ts'
import type { LoopbackState } from './store.ts'

type Told = Pick<LoopbackState, 'phase' | 'moments' | 'replaced' | 'states' | 'log'> & {
  /** Whether the call was meant to send video at all. */
  readonly pictures: boolean
}

/** Findings about the loopback call so far; empty before it has been placed. */
export function loopbackFindings(state: Told): readonly Finding[] {
  return [...connection(state), ...picture(state), ...devices(state)]
}

const failures = {
  media: 'media-failed',
  negotiation: 'negotiation-failed',
  connection: 'connection-failed',
  time: 'connection-slow',
} as const

function connection({ phase, moments, states, log }: Told): readonly Finding[] {
  const errors = log.filter(({ kind }) => kind === 'error').map(({ side, text }) => `${side}: ${text}`)
  if (phase.phase === 'failed') {
    const evidence = { states: { ...states }, errors }
    return [
      {
        id: failures[phase.step],
        status: 'fail',
        params: { error: phase.error },
        evidence: JSON.parse(JSON.stringify(evidence)),
      },
    ]
  }
  const { offerAsked, dtlsConnected } = moments
  if (dtlsConnected === undefined || offerAsked === undefined) return []
  const spans = setupSpans(moments)
  const took = Object.fromEntries(
    spans.flatMap(({ step, startMs, endMs }) =>
      startMs !== undefined && endMs !== undefined
        ? [[`${step}Ms`, Math.round((endMs - startMs) * 10) / 10] as const]
        : [],
    ),
  )
  return [
    {
      id: 'connected',
      status: 'pass',
      params: { time: measured(dtlsConnected - offerAsked, 'ms') },
      evidence: { ...took, totalMs: Math.round(setupEnd(spans) ?? 0) },
    },
  ]
}

function picture({ phase, moments, pictures }: Told): readonly Finding[] {
  const { firstFrame, dtlsConnected } = moments
  if (!pictures || dtlsConnected === undefined) return []
  if (firstFrame !== undefined)
    return [{ id: 'picture', status: 'pass', params: { time: measured(firstFrame - dtlsConnected, 'ms') } }]
  return phase.phase === 'connected' ? [{ id: 'picture', status: 'unknown' }] : []
}

function devices({ replaced, phase }: Told): readonly Finding[] {
  if (phase.phase === 'idle' || phase.phase === 'starting') return []
  return (['video', 'audio'] as const).flatMap(kind => {
    const reason = replaced[kind]
    if (reason === undefined || reason === 'chosen') return []
    return [{ id: `stand-in-${kind}`, status: 'warn' as const, params: { reason }, evidence: { error: reason } }]
  })
}
