import { useEffect, useRef } from 'react'
import { useView } from '../context.ts'

/** A short flash over the stage when a snapshot is taken; none where motion is unwelcome. */
export function Flash() {
  const snapshots = useView(state => state.snapshots)
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (snapshots === 0 || matchMedia('(prefers-reduced-motion: reduce)').matches) return
    element.current?.animate([{ opacity: 0.7 }, { opacity: 0 }], { duration: 350, easing: 'ease-out' })
  }, [snapshots])
  return (
    <div ref={element} aria-hidden="true" className="pointer-events-none absolute inset-0 z-20 bg-white opacity-0" />
  )
}
