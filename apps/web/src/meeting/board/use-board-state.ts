import type { BoardState } from '@parley/client'
import { useSyncExternalStore } from 'react'
import { useMeeting } from '../context.ts'

/** The current state of the room's whiteboard; re-renders when it changes. */
export function useBoardState(): BoardState {
  const { board } = useMeeting().room
  return useSyncExternalStore(
    listener => board.on('state', listener),
    () => board.state,
  )
}
