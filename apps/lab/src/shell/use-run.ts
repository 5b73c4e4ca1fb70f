import { useCallback, useEffect, useRef, useState } from 'react'
import { type Outcome, type RunOptions, runWithin } from '../report/run.ts'

type RunState<T> = { readonly status: 'idle' } | { readonly status: 'running' } | Outcome<T>

export interface Run<T> {
  readonly state: RunState<T>
  /** Starts a run, cancelling one that is still running. Resolves with how it ended. */
  readonly start: () => Promise<Outcome<T>>
  readonly cancel: () => void
}

/** A test that a person starts and can cancel; leaving the page cancels it. See {@link runWithin}. */
export function useRun<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { timeLimitMs }: Pick<RunOptions, 'timeLimitMs'>,
): Run<T> {
  const [state, setState] = useState<RunState<T>>({ status: 'idle' })
  const current = useRef<AbortController>(undefined)
  const latest = useRef(work)
  latest.current = work

  const cancel = useCallback(() => current.current?.abort(), [])
  const start = useCallback(async () => {
    current.current?.abort()
    const mine = new AbortController()
    current.current = mine
    setState({ status: 'running' })
    const outcome = await runWithin(signal => latest.current(signal), { timeLimitMs, signal: mine.signal })
    if (current.current === mine) setState(outcome)
    return outcome
  }, [timeLimitMs])

  useEffect(
    () => () => {
      current.current?.abort()
      current.current = undefined
    },
    [],
  )
  return { state, start, cancel }
}
