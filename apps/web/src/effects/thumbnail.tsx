import type { Pen } from '@parley/effects'
import { useEffect, useRef } from 'react'

/** px; the page shows it smaller. */
const size = { width: 192, height: 108 }

/** A small drawn picture of what a choice does. `draw` must stay the same function while it draws the same. */
export function Thumbnail({ draw }: { readonly draw: (pen: Pen, size: { width: number; height: number }) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const pen = canvas.current?.getContext('2d', { willReadFrequently: true })
    if (!pen) return
    pen.clearRect(0, 0, size.width, size.height)
    draw(pen, size)
  }, [draw])
  return (
    <span aria-hidden="true" className="block size-full">
      <canvas ref={canvas} {...size} className="size-full object-cover" />
    </span>
  )
}
