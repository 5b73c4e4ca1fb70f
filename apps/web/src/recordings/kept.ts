import { load, save } from '@parley/ui/page'
import { create } from 'zustand'

const key = 'parley.recordings'

interface Kept {
  /** How many recordings this device had when they were last counted, so that a page without any need not look. */
  readonly count: number
  /** Whether the list is open. */
  readonly open: boolean
}

function stored(): number {
  const value = load(key)
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : 0
}

export const useKept = create<Kept>()(() => ({ count: stored(), open: false }))

export function countKept(count: number): void {
  useKept.setState({ count })
  save(key, count === 0 ? undefined : count)
}

/** A recording begins: from now on, there may be something to repair. */
export function expectOne(): void {
  countKept(Math.max(stored(), useKept.getState().count) + 1)
}

export function showRecordings(open: boolean): void {
  useKept.setState({ open })
}

/** The recorder's code. If it cannot be fetched, it is tried anew the next time. */
export const loadKit = () => import('./recording-kit.ts')
