import type { CallHandle, Room } from '@parley/client'
import { useCallback, useEffect, useRef } from 'react'
import type { MeetingEnd, MeetingProps } from '../../types.ts'

/**
 * Reports the end of the meeting once, however it ends, and returns the function that leaves it. Leaving does not wait
 * for the network. Going to another page, inside the app or outside, leaves too.
 */
export function useEnding({ room, call, onEnded }: MeetingProps): () => void {
  const report = useRef(onEnded)
  report.current = onEnded
  const over = useRef(false)
  const goodbye = useRef<ReturnType<typeof setTimeout>>(undefined)

  const end = useCallback(
    (reason: MeetingEnd['reason'], code?: MeetingEnd['code']) => {
      if (over.current) return
      over.current = true
      report.current({ reason, code, durationMs: Math.max(0, room.serverNow() - room.state.self.joinedAt) })
    },
    [room],
  )

  const leave = useCallback(() => {
    if (over.current) return
    depart(room, call)
    end('left')
  }, [room, call, end])

  useEffect(() => {
    const stops = [
      room.on('ended', ({ reason, error }) => end(reason, error?.code)),
      call?.on('ended', () => end('closed')),
    ]
    const { status } = room.state
    if (status.status === 'ended') end(status.reason, status.error?.code)
    return () => {
      for (const stop of stops) stop?.()
    }
  }, [room, call, end])

  useEffect(() => {
    // StrictMode and hot reload unmount and remount at once; stopping the timer here keeps us in the meeting.
    clearTimeout(goodbye.current)
    const pageHides = (event: PageTransitionEvent) => {
      if (!event.persisted && !over.current) depart(room, call)
    }
    addEventListener('pagehide', pageHides)
    return () => {
      removeEventListener('pagehide', pageHides)
      goodbye.current = setTimeout(() => {
        if (over.current) return
        over.current = true
        depart(room, call)
      })
    }
  }, [room, call])

  return leave
}

function depart(room: Room, call: CallHandle | undefined): void {
  const steps = [call?.hangUp(), room.leave()]
  for (const step of steps) step?.catch((error: unknown) => console.warn('Leaving was not confirmed:', error))
}
