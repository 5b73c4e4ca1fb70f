import { useEffect, useRef } from 'react'
import { cx } from '../../../ui/cx.ts'

export interface VideoProps {
  readonly track: MediaStreamTrack | undefined
  /** A camera may be cropped; a screen may not. */
  readonly whole?: boolean
  readonly mirrored?: boolean
  /** Keep the last frame should the track go away. */
  readonly held?: boolean
  /** What is seen is not what is going on now. */
  readonly dimmed?: boolean
}

/** A picture without sound. Invisible until its first frame, so that nothing flashes. */
export function Video({ track, whole = false, mirrored = false, held = false, dimmed = false }: VideoProps) {
  const element = useRef<HTMLVideoElement>(null)
  const last = useRef(track)
  if (track || !held) last.current = track
  const shown = last.current

  useEffect(() => {
    if (element.current) element.current.srcObject = shown ? new MediaStream([shown]) : null
  }, [shown])

  return (
    <video
      ref={element}
      autoPlay
      muted
      playsInline
      onLoadedData={event => event.currentTarget.setAttribute('data-alive', '')}
      onEmptied={event => event.currentTarget.removeAttribute('data-alive')}
      className={cx(
        'absolute inset-0 size-full opacity-0 transition-[opacity,filter] duration-300 data-alive:opacity-100',
        whole ? 'object-contain' : 'object-cover',
        mirrored && '-scale-x-100',
        dimmed && 'brightness-60 saturate-50',
      )}
    />
  )
}
