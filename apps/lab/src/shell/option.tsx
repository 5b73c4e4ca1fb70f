import { cx } from '@parley/ui'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'

export interface OptionProps {
  readonly pressed: boolean
  readonly onPressedChange: (pressed: boolean) => void
  readonly disabled?: boolean
  /** The visible name, which says what is on when the button is pressed. */
  readonly children: ReactNode
  /** A line that says what it does. */
  readonly hint?: ReactNode
}

/** An option with its name beside it: a button with `aria-pressed`, like every toggle in the app. */
export function Option({ pressed, onPressedChange, disabled = false, children, hint }: OptionProps) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      disabled={disabled}
      onClick={() => onPressedChange(!pressed)}
      className="flex min-h-11 w-full items-center gap-3 rounded-lg px-2 py-1.5 text-left text-[0.9375rem] transition-colors hover:not-disabled:bg-hover disabled:cursor-not-allowed disabled:opacity-50"
    >
      <span
        aria-hidden="true"
        className={cx(
          'flex size-5 shrink-0 items-center justify-center rounded-sm border',
          pressed ? 'border-accent bg-accent text-on-accent' : 'border-line-strong bg-surface',
        )}
      >
        {pressed && <Check size={14} strokeWidth={3} />}
      </span>
      <span className="min-w-0">
        {children}
        {hint && <span className="block text-sm text-ink-soft">{hint}</span>}
      </span>
    </button>
  )
}
