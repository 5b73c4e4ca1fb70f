import type { TrackView, ViewOptions } from '@parley/client'
import { type RefObject, useEffect, useRef } from 'react'
import { useMeeting } from '../context.ts'
import type { TileView } from './tiles.ts'

/** Says how large a tile's picture is shown, and how important it is. Returns the ref of the element that it fills. */
export function useTrackView(
  tile: TileView | undefined,
  priority: NonNullable<ViewOptions['priority']>,
): RefObject<HTMLDivElement | null> {
  const { room } = useMeeting()
  const element = useRef<HTMLDivElement>(null)
  const view = useRef<TrackView>(undefined)
  const participant = tile?.self === false ? tile.participant.id : undefined
  const track = tile?.video?.id

  useEffect(() => {
    if (!element.current || participant === undefined || track === undefined) return
    const opened = room.view(participant, track, element.current)
    view.current = opened
    return () => opened.close()
  }, [room, participant, track])

  // After the effect above: also a view that was just opened learns it.
  useEffect(() => view.current?.change({ priority }))

  return element
}
