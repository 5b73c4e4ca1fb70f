import { createContext, type ReactNode, use, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Kbd } from './kbd.tsx'
import { placeTip, type Side } from './tooltip-place.ts'

export interface TooltipProps {
  readonly content: ReactNode
  readonly shortcut?: string | undefined
  readonly side?: Side
  /** The control it explains; has its own accessible name. */
  readonly children: ReactNode
}

const defaultDelayMs = 400
/** How long the tooltip stays after the pointer leaves, so that it can cross the gap to the tooltip, ms. */
const lingerMs = 120
const Delay = createContext(defaultDelayMs)

/** How long a mouse must rest on a control before its tooltip shows, ms; the keyboard never waits. */
export function TooltipProvider({ delay, children }: { readonly delay: number; readonly children: ReactNode }) {
  return <Delay value={delay}>{children}</Delay>
}

/**
 * Explains a control while the mouse rests on it or it has keyboard focus. Never the only place for a piece of
 * information, because touch users do not see it. Esc and a press hide it; the pointer may move onto it.
 */
export function Tooltip({ content, shortcut, side = 'top', children }: TooltipProps) {
  const delay = use(Delay)
  const [shown, setShown] = useState(false)
  const holder = useRef<HTMLSpanElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  const turn = (on: boolean, afterMs: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setShown(on), afterMs)
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: listens to events of the control inside
    <span
      ref={holder}
      className="contents"
      onPointerEnter={event => event.pointerType === 'mouse' && turn(true, delay)}
      onPointerLeave={() => turn(false, lingerMs)}
      onPointerDown={() => turn(false, 0)}
      onFocus={event => event.target.matches(':focus-visible') && turn(true, 0)}
      onBlur={() => turn(false, 0)}
      onKeyDown={event => event.key === 'Escape' && turn(false, 0)}
    >
      {children}
      {shown && (
        <Tip anchor={() => holder.current?.firstElementChild} side={side}>
          {content}
          {shortcut && <Kbd>{shortcut}</Kbd>}
        </Tip>
      )}
    </span>
  )
}

interface TipProps {
  readonly anchor: () => Element | null | undefined
  readonly side: Side
  readonly children: ReactNode
}

/** Rendered in the browser's top layer, so that it is above dialogs and visible in full screen. */
function Tip({ anchor, side, children }: TipProps) {
  const box = useRef<HTMLSpanElement>(null)

  useLayoutEffect(() => {
    const tip = box.current
    const target = anchor()
    if (!tip || !target) return
    tip.showPopover?.()
    const { left, top } = placeTip(
      target.getBoundingClientRect(),
      tip.getBoundingClientRect(),
      { width: document.documentElement.clientWidth, height: window.innerHeight },
      side,
    )
    tip.style.left = `${left}px`
    tip.style.top = `${top}px`
  })

  return (
    <span
      ref={box}
      role="tooltip"
      popover="manual"
      className="fixed inset-auto m-0 w-max max-w-64 animate-fade-in items-center gap-2 rounded-md border-0 bg-inverse px-2.5 py-1.5 text-left text-[0.8125rem] leading-normal font-normal whitespace-normal text-white shadow-pop open:flex"
    >
      {children}
    </span>
  )
}
