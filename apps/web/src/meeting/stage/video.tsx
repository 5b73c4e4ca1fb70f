import { cx } from '@parley/ui'
import { useLayoutEffect, useRef, useState } from 'react'

export interface VideoProps {
  readonly track: MediaStreamTrack | undefined
  /** Shows the picture uncropped, as a screen must be; a camera may be cropped. */
  readonly whole?: boolean
  readonly mirrored?: boolean
  /** Keeps showing the last frame if the track goes away. */
  readonly held?: boolean
  /** The picture is stale. */
  readonly dimmed?: boolean
}

/** Video without sound. A new track replaces the old one only once its first frame is there, to avoid a flash. */
export function Video({ track, held = false, ...look }: VideoProps) {
  const last = useRef(track)
  if (track || !held) last.current = track
  const shown = last.current
  /** The track that is shown, followed by the one that replaces it once it has a frame. */
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

  // Start before the first paint: it takes a while until the first frame is there.
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
