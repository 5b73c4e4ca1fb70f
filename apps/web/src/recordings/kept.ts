import { load, save } from '@parley/ui/page'
import { create } from 'zustand'

const key = 'parley.recordings'

interface Kept {
  /** How many recordings this device had when they were last counted. */
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

/**
 * Whether there is anything to list, by a look at the private file system alone: it is cheap, and right after a crash too, which local
 * storage survives only if it was written a while before.
 */
export async function hasRecordings(): Promise<boolean> {
  const { storage } = navigator as { readonly storage?: StorageManager }
  try {
    const folder = await (await storage?.getDirectory?.())?.getDirectoryHandle('parley-recordings')
    return folder !== undefined && (await folder.keys().next()).done === false
  } catch {
    return false // There is no such folder, or no file system for this page.
  }
}

export function showRecordings(open: boolean): void {
  useKept.setState({ open })
}

/** The recorder's code. If it cannot be fetched, it is tried anew the next time. */
export const loadKit = () => import('./recording-kit.ts')
