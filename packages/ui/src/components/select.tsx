import { ChevronDown } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { cx } from './cx.ts'

interface SelectOption<V extends string> {
  readonly value: V
  readonly label: string
}

export interface SelectProps<V extends string> {
  readonly label: string
  /** Keeps the label for assistive technology only. */
  readonly hideLabel?: boolean
  readonly value: V | undefined
  readonly options: readonly SelectOption<V>[]
  readonly onChange: (value: V) => void
  /** Shown while nothing is chosen. */
  readonly placeholder?: string | undefined
  readonly icon?: ReactNode
  readonly disabled?: boolean
}

/** A choice from a list. Uses the native select: a wheel on phones, searchable by typing everywhere. */
export function Select<V extends string>(props: SelectProps<V>) {
  const { label, hideLabel = false, value, options, onChange, placeholder = '', icon, disabled = false } = props
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'mb-1.5 block text-sm font-medium'}>
        {label}
      </label>
      <div className={cx('relative text-ink-soft', disabled && 'opacity-60')}>
        {icon && <span className="pointer-events-none absolute inset-y-0 left-3 flex items-center">{icon}</span>}
        <select
          id={id}
          value={value ?? ''}
          disabled={disabled}
          onChange={event => {
            const chosen = options.find(option => option.value === event.target.value)
            if (chosen) onChange(chosen.value)
          }}
          className={cx(
            'h-11 w-full appearance-none truncate rounded-lg border border-line-strong/60 bg-surface pr-9 text-[0.9375rem]',
            'transition-colors not-disabled:hover:bg-hover disabled:cursor-not-allowed',
            icon ? 'pl-10' : 'pl-3.5',
            value !== undefined && 'text-ink',
          )}
        >
          {value === undefined && (
            <option value="" hidden>
              {placeholder}
            </option>
          )}
          {options.map(option => (
            <option key={option.value} value={option.value} className="bg-raised text-ink">
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown
          size={18}
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 right-3 my-auto text-ink-soft"
        />
      </div>
    </div>
  )
}
