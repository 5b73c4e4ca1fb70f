import type { FileTransfer } from '@parley/client'
import { useSyncExternalStore } from 'react'
import { useMeeting } from '../context.ts'

/** All files on their way in this room. */
export function useFiles(): readonly FileTransfer[] {
  const { room } = useMeeting()
  return useSyncExternalStore(
    listener => room.files.on('changed', listener),
    () => room.files.transfers,
  )
}
