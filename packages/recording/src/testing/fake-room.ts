import type { Room } from '@parley/client'
import { roomState } from './people.ts'

/** A room as far as a recording knows it. */
export function fakeRoom() {
  let state = roomState()
  const ended = new Set<() => void>()
  const told: boolean[] = []
  const become = (recording: number | undefined) => {
    state = { ...state, self: { ...state.self, recording } }
  }
  const room = {
    name: 'tea',
    get state() {
      return state
    },
    setRecording: async (on: boolean) => {
      told.push(on)
      become(on ? 1 : undefined)
    },
    on: (event: string, listener: () => void) => {
      if (event === 'ended') ended.add(listener)
      return () => void ended.delete(listener)
    },
  }
  return {
    room: room as unknown as Room,
    /** What the others were told, in order. */
    told,
    /** Makes telling the others fail. */
    refuse: (error: Error) => {
      room.setRecording = () => Promise.reject(error)
    },
    leave: () => {
      state = { ...state, status: { status: 'ended', reason: 'left' } }
      for (const listener of ended) listener()
    },
    listeners: ended,
  }
}
