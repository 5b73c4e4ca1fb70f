import { cx } from '@parley/ui'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'

export interface ChoiceTileProps {
  readonly label: string
  readonly pressed: boolean
  readonly onPress: () => void
  /** A picture of what it does. */
  readonly children: ReactNode
}

/** One of several looks, as a picture with its name below. */
export function ChoiceTile({ label, pressed, onPress, children }: ChoiceTileProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className="group flex min-w-0 flex-col gap-1 text-sm"
    >
      <span
        className={cx(
          'relative block aspect-video w-full overflow-hidden rounded-lg bg-sunken',
          'outline-2 outline-offset-2 transition-[outline-color]',
          pressed ? 'outline-accent' : 'outline-transparent group-hover:outline-line-strong',
        )}
      >
        {children}
        {pressed && (
          <span className="absolute top-1 right-1 flex size-5 items-center justify-center rounded-full bg-accent text-on-accent">
            <Check size={14} strokeWidth={3} aria-hidden="true" />
          </span>
        )}
      </span>
      <span className={cx('min-h-5 w-full text-center leading-tight', pressed ? 'font-medium' : 'text-ink-soft')}>
        {label}
      </span>
    </button>
  )
}

/** A titled group of tiles. */
export function ChoiceGroup({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-2 font-medium">{title}</h3>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(6rem,1fr))] gap-x-3 gap-y-2.5">{children}</div>
    </section>
  )
}
