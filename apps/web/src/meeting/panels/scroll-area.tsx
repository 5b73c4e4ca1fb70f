import { cx } from '@parley/ui'
import type { ReactNode, Ref, UIEventHandler } from 'react'

export interface ScrollAreaProps {
  readonly label: string
  readonly className: string
  readonly children: ReactNode
  readonly ref?: Ref<HTMLElement>
  readonly onScroll?: UIEventHandler<HTMLElement>
}

/** A scrollable area that can also be scrolled by keyboard. */
export function ScrollArea({ label, className, children, ref, onScroll }: ScrollAreaProps) {
  return (
    <section
      ref={ref}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={onScroll}
      className={cx('-outline-offset-2', className)}
    >
      {children}
    </section>
  )
}
