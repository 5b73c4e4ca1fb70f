import type { PeerStats } from '@parley/client'
import { useEffect } from 'react'
import { useMeeting, useView } from '../context.ts'

const intervals = { watched: 1000, background: 5000 } as const

/**
 * Measures at regular intervals, more often while somebody is looking. The rates in `room.stats()` are relative to its
 * previous call, so this is the only place that calls it; everything else reads `view.stats`.
 */
export function useStatsFeed(): void {
  const { room, view } = useMeeting()
  const watched = useView(state => state.panel === 'statistics')
  useEffect(() => {
    let stopped = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const measure = async () => {
      const stats: readonly PeerStats[] | undefined = await room.stats().catch(() => undefined)
      if (stopped) return
      if (stats) view.setState({ stats })
      timer = setTimeout(() => void measure(), watched ? intervals.watched : intervals.background)
    }
    void measure()
    return () => {
      stopped = true
      clearTimeout(timer)
    }
  }, [room, view, watched])
}
