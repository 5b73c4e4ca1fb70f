import type { CallSample } from '@parley/diagnostics'
import { useEffect, useState } from 'react'
import { followCalls, useLiveCalls, watchCall } from './watch.ts'

const keptMs = 10 * 60_000
/** Two hours at one sample per second. */
const maxRecorded = 7200

export interface Recording {
  readonly samples: readonly CallSample[]
  /** When recording started, ms since 1970; undefined while only the last few minutes are kept. */
  readonly since: number | undefined
  readonly record: (on: boolean) => void
}

interface Kept {
  readonly call: string | undefined
  readonly samples: readonly CallSample[]
  readonly since: number | undefined
}

/** Collects the samples of a call in this browser; starts over when another call is chosen. */
export function useRecording(call: string | undefined): Recording {
  useEffect(followCalls, [])
  useEffect(() => (call === undefined ? undefined : watchCall(call)), [call])
  const newest = useLiveCalls(state => (call === undefined ? undefined : state.newest[call]))
  const [kept, setKept] = useState<Kept>({ call, samples: [], since: undefined })
  useEffect(() => {
    if (call !== undefined && newest) setKept(before => add(before.call === call ? before : empty(call), newest))
  }, [call, newest])
  const record = (on: boolean) =>
    setKept(before =>
      on ? { ...before, samples: before.samples.slice(-1), since: Date.now() } : { ...before, since: undefined },
    )
  // A call that has ended stays on the screen until another one is chosen.
  const shown = call === undefined || kept.call === call ? kept : empty(call)
  return { samples: shown.samples, since: shown.since, record }
}

const empty = (call: string): Kept => ({ call, samples: [], since: undefined })

function add(kept: Kept, sample: CallSample): Kept {
  if (kept.samples.at(-1)?.at === sample.at) return kept
  const all = [...kept.samples, sample]
  const samples = kept.since === undefined ? all.filter(({ at }) => at > sample.at - keptMs) : all.slice(-maxRecorded)
  return { ...kept, samples }
}
