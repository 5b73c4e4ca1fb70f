import { useEffect, useRef } from 'react'
import { useMeeting } from '../context.ts'

/** A ring around the tile of a person who is speaking. Updates the DOM directly, to avoid re-rendering. */
export function SpeakingRing({ participantId }: { readonly participantId: string }) {
  const { room } = useMeeting()
  const ring = useRef<HTMLSpanElement>(null)

  useEffect(() => {
    const show = () => {
      const speaks = room.state.speakers.speaking.includes(participantId)
      ring.current?.toggleAttribute('data-speaking', speaks)
    }
    show()
    return room.on('speakers', show)
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
