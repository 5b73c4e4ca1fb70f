import { useEffect, useRef } from 'react'
import { useMeeting } from '../context.ts'
import { speakingLevel } from './speaker.ts'

/** How long the ring stays after the last sound, to bridge the pauses between words, ms. */
const lingerMs = 450

/** A ring around the tile of a person who is speaking. Updates the DOM directly, to avoid re-rendering. */
export function SpeakingRing({ participantId }: { readonly participantId: string }) {
  const { room } = useMeeting()
  const ring = useRef<HTMLSpanElement>(null)

  useEffect(() => {
    let heardAt = Number.NEGATIVE_INFINITY
    return room.on('levels', levels => {
      const now = performance.now()
      if ((levels.get(participantId) ?? 0) >= speakingLevel) heardAt = now
      ring.current?.toggleAttribute('data-speaking', now - heardAt < lingerMs)
    })
  }, [room, participantId])

  return (
    <span
      ref={ring}
      aria-hidden="true"
      data-testid="speaking-ring"
      className="pointer-events-none absolute inset-0 rounded-[inherit] opacity-0 ring-3 ring-accent transition-opacity duration-200 ring-inset data-speaking:opacity-100"
    />
  )
}
