import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from 'react'
import { isComposing } from './composing.ts'
import { cx } from './cx.ts'

export interface TextFieldProps
  extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'onKeyDown' | 'value' | 'id' | 'aria-label'> {
  readonly label: string
  /** Keeps the label for assistive technology only. */
  readonly hideLabel?: boolean
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hint?: ReactNode
  /** What is wrong, in words; also marks the field as invalid. */
  readonly error?: ReactNode
  /** Before the text, inside the field. */
  readonly icon?: ReactNode
  /** After the text, inside the field: a key, a small button. */
  readonly trailing?: ReactNode
  readonly ref?: Ref<HTMLInputElement> | undefined
}

/** A single-line text field with a label, a hint and an error that assistive technology announces. */
export function TextField({
  label,
  hideLabel = false,
  value,
  onChange,
  hint,
  error,
  icon,
  trailing,
  className,
  ...rest
}: TextFieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  const note = error ?? hint
  return (
    <div className={className}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'mb-1.5 block text-sm font-medium'}>
        {label}
      </label>
      <div
        className={cx(
          'flex h-12 items-center gap-2.5 rounded-lg border bg-surface px-3.5 transition-[border-color,box-shadow]',
          'focus-within:border-accent focus-within:ring-3 focus-within:ring-accent/20',
          error ? 'border-danger' : 'border-line-strong/60',
        )}
      >
        {icon && <span className="shrink-0 text-ink-soft">{icon}</span>}
        <input
          autoComplete="off"
          spellCheck={false}
          {...rest}
          id={id}
          value={value}
          aria-invalid={error ? true : undefined}
          aria-describedby={note ? noteId : undefined}
          onChange={event => onChange(event.target.value)}
          onKeyDown={event => {
            // An Enter that confirms a word in an input method must not submit the form as well.
            if (event.key === 'Enter' && isComposing(event.nativeEvent)) event.preventDefault()
          }}
          className="h-full min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-ink-soft/80"
        />
        {trailing}
      </div>
      {note && (
        <p id={noteId} className={cx('mt-1.5 text-sm', error ? 'text-danger-text' : 'text-ink-soft')}>
          {note}
        </p>
      )}
    </div>
  )
}
