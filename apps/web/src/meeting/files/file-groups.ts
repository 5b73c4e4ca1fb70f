import type { FileTransfer } from '@parley/client'

/** One file in the list, with everybody whom we send it to, or with the one whom it comes from. */
export interface FileGroup {
  readonly file: string
  readonly name: string
  readonly size: number
  readonly direction: FileTransfer['direction']
  readonly transfers: readonly FileTransfer[]
}

/** The newest file first; what waits for a decision of ours before all others. */
export function fileGroups(transfers: readonly FileTransfer[]): FileGroup[] {
  const groups = new Map<string, FileGroup>()
  for (const transfer of transfers) {
    const { file, name, size, direction } = transfer
    const id = `${direction} ${file}`
    const known = groups.get(id)
    groups.set(id, { file, name, size, direction, transfers: [...(known?.transfers ?? []), transfer] })
  }
  const newest = [...groups.values()].reverse()
  return [...newest.filter(waitsForUs), ...newest.filter(group => !waitsForUs(group))]
}

/** How many files wait for our decision. */
export function offersOf(transfers: readonly FileTransfer[]): number {
  return transfers.filter(waitsForAnswer).length
}

function waitsForUs({ transfers }: FileGroup): boolean {
  return transfers.some(waitsForAnswer)
}

/** Whether it is ours to accept or to decline. */
export function waitsForAnswer({ direction, state }: FileTransfer): boolean {
  return direction === 'incoming' && state.status === 'offered'
}
