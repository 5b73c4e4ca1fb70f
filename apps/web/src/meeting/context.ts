import type { CallHandle, Room, RoomState } from '@parley/client'
import { createContext, useContext, useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import type { Outbox } from './chat/outbox.ts'
import type { ScreenShare } from './tools/screen-share.ts'
import type { View, ViewState } from './view.ts'

/** What every part of the meeting gets from its context. */
export interface MeetingTools {
  readonly room: Room
  readonly call: CallHandle | undefined
  readonly view: View
  readonly outbox: Outbox
  readonly share: ScreenShare
  /** Hangs up or leaves. The meeting ends at once, without waiting for the network. */
  readonly leave: () => void
}

export const MeetingContext = createContext<MeetingTools | undefined>(undefined)

export function useMeeting(): MeetingTools {
  const tools = useContext(MeetingContext)
  if (!tools) throw new Error('Used outside a meeting.')
  return tools
}

/** The current state of the room; re-renders when it changes. */
export function useRoomState(): RoomState {
  const { room } = useMeeting()
  return useSyncExternalStore(
    listener => room.on('changed', listener),
    () => room.state,
  )
}

export function useView<T>(select: (state: ViewState) => T): T {
  return useStore(useMeeting().view, select)
}
