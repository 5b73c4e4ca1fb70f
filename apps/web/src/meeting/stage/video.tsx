import { cx } from '@parley/ui'
import { useLayoutEffect, useRef, useState } from 'react'

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

/** A picture without sound. Another track takes over with its first frame, so that nothing flashes in between. */
export function Video({ track, held = false, ...look }: VideoProps) {
  const last = useRef(track)
  if (track || !held) last.current = track
  const shown = last.current
  /** What is shown, and behind it what will be once it has a frame. */
  const [layers, setLayers] = useState<readonly MediaStreamTrack[]>(shown ? [shown] : [])
  if (layers.at(-1) !== shown) setLayers(shown ? [...layers.slice(0, 1), shown] : [])

  return layers.map(layer => (
    <Layer
      key={layer.id}
      track={layer}
      onAlive={() => setLayers(now => (now.includes(layer) ? now.slice(now.indexOf(layer)) : now))}
      {...look}
    />
  ))
}

interface LayerProps extends Omit<VideoProps, 'track' | 'held'> {
  readonly track: MediaStreamTrack
  readonly onAlive: () => void
}

/** Invisible until its first frame. */
function Layer({ track, onAlive, whole = false, mirrored = false, dimmed = false }: LayerProps) {
  const element = useRef<HTMLVideoElement>(null)

  // Before anything is painted: it takes a while until the first picture is there.
  useLayoutEffect(() => {
    if (element.current) element.current.srcObject = new MediaStream([track])
  }, [track])

  return (
    <video
      ref={element}
      autoPlay
      muted
      playsInline
      onLoadedData={event => {
        event.currentTarget.setAttribute('data-alive', '')
        onAlive()
      }}
      className={cx(
        'absolute inset-0 size-full opacity-0 transition-[opacity,filter] duration-300 data-alive:opacity-100',
        whole ? 'object-contain' : 'object-cover',
        mirrored && '-scale-x-100',
        dimmed && 'brightness-60 saturate-50',
      )}
    />
  )
}
