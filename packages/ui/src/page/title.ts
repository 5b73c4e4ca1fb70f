import { useEffect } from 'react'
import { announce } from './live-region.tsx'

let title = 'Parley'
let opened = false
let flash: string | undefined
let timer: ReturnType<typeof setInterval> | undefined

function show(text: string): void {
  document.title = text
}

/** Sets the tab's title while the component is mounted, and announces it to those who cannot see the page change. */
export function useTitle(page: string | undefined): void {
  useEffect(() => {
    const next = page ? `${page} · Parley` : 'Parley'
    if (next !== title && opened) announce(page ?? 'Parley')
    opened = true
    title = next
    if (flash === undefined) show(title)
  }, [page])
}

/** Makes the tab's title alternate with `text`; undefined stops it. */
export function flashTitle(text: string | undefined): void {
  clearInterval(timer)
  flash = text
  show(text ?? title)
  if (text === undefined) return
  let shown = true
  timer = setInterval(() => {
    shown = !shown
    show(shown ? text : title)
  }, 1000)
}
