import { type RefCallback, useCallback, useState } from 'react'
import type { Size } from './geometry.ts'

/** The inner size of an element without padding in whole CSS pixels, 0 × 0 until it is there. */
export function useSize(): readonly [RefCallback<HTMLElement>, Size] {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  const ref = useCallback((element: HTMLElement | null) => {
    if (!element) return
    const take = (wide: number, high: number) => {
      const [width, height] = [Math.floor(wide), Math.floor(high)]
      setSize(before => (before.width === width && before.height === height ? before : { width, height }))
    }
    // At once: the observer waits for the next frame, and what is to be placed would wait with it.
    take(element.clientWidth, element.clientHeight)
    const observer = new ResizeObserver(([entry]) => entry && take(entry.contentRect.width, entry.contentRect.height))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, size]
}
