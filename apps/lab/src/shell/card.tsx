import { cx } from '@parley/ui'
import { type ReactNode, useId } from 'react'

export interface CardProps {
  readonly title: ReactNode
  /** A line below the title. */
  readonly hint?: ReactNode
  /** Buttons beside the title. */
  readonly actions?: ReactNode
  readonly children?: ReactNode
  readonly className?: string | undefined
}

/** One part of a Lab page, with a heading. */
export function Card({ title, hint, actions, children, className }: CardProps) {
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className={cx('min-w-0 rounded-2xl border border-line bg-surface p-4 sm:p-5', className)}
    >
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-[1_1_12rem]">
          <h2 id={id} className="text-base font-semibold">
            {title}
          </h2>
          {hint && <p className="mt-0.5 text-sm text-pretty text-ink-soft">{hint}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  )
}

export interface ScrollBoxProps {
  readonly label: string
  readonly className?: string | undefined
  readonly children: ReactNode
}

/** A box with its own scrolling for wide tables and long logs, usable by keyboard too. */
export function ScrollBox({ label, className, children }: ScrollBoxProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable by keyboard
      tabIndex={0}
      className={cx('relative overflow-auto rounded-lg border border-line -outline-offset-2', className)}
    >
      {children}
    </section>
  )
}
