import { type PointerEvent, type RefObject, useCallback, useState } from 'react'

/** How far something was dragged from its place, CSS pixels. */
export interface Offset {
  readonly x: number
  readonly y: number
}

/** An offset with which a box stays inside another, as far as it fits. */
export function keptInside(wanted: Offset, before: Offset, box: DOMRectReadOnly, outer: DOMRectReadOnly): Offset {
  const within = (value: number, least: number, most: number) => Math.max(least, Math.min(value, Math.max(least, most)))
  return {
    x: within(wanted.x, before.x + outer.left - box.left, before.x + outer.right - box.right),
    y: within(wanted.y, before.y + outer.top - box.top, before.y + outer.bottom - box.bottom),
  }
}

/** Moves an element by a handle, within the element around it. */
export function useDrag(element: RefObject<HTMLElement | null>) {
  const [offset, setOffset] = useState<Offset>({ x: 0, y: 0 })

  const grab = useCallback(
    (event: PointerEvent<HTMLElement>) => {
      const target = event.target as Element
      if (event.button !== 0 || target.closest('button') || !element.current) return
      const handle = event.currentTarget
      const [startX, startY] = [event.clientX, event.clientY]
      const box = element.current.getBoundingClientRect()
      const outer = element.current.parentElement?.getBoundingClientRect() ?? box
      const before = offset
      const move = ({ clientX, clientY }: globalThis.PointerEvent) => {
        const wanted = { x: before.x + clientX - startX, y: before.y + clientY - startY }
        setOffset(keptInside(wanted, before, box, outer))
      }
      const stop = () => {
        handle.removeEventListener('pointermove', move)
        handle.removeEventListener('pointerup', stop)
        handle.removeEventListener('pointercancel', stop)
      }
      handle.setPointerCapture(event.pointerId)
      handle.addEventListener('pointermove', move)
      handle.addEventListener('pointerup', stop)
      handle.addEventListener('pointercancel', stop)
    },
    [element, offset],
  )

  return { offset, grab }
}
