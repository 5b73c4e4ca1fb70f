import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { itemClass, popupClass } from './menu.tsx'

export interface SelectOption<V extends string> {
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
  readonly placeholder?: string | undefined
  readonly icon?: ReactNode
  readonly disabled?: boolean
}

/** One of a list, in a popup as wide as the field. */
export function Select<V extends string>(props: SelectProps<V>) {
  const { label, hideLabel = false, value, options, onChange, placeholder, icon, disabled = false } = props
  return (
    <Base.Root
      items={options}
      value={value ?? null}
      disabled={disabled}
      modal={false}
      onValueChange={next => {
        if (next !== null) onChange(next)
      }}
    >
      <div className="min-w-0">
        <Base.Label className={hideLabel ? 'sr-only' : 'mb-1.5 block text-sm font-medium'}>{label}</Base.Label>
        <Base.Trigger
          className={cx(
            'flex h-11 w-full min-w-0 items-center gap-2.5 rounded-lg border border-line-strong/60 bg-surface px-3 text-left text-[0.9375rem]',
            'transition-colors hover:not-data-disabled:bg-hover data-disabled:cursor-not-allowed data-disabled:opacity-60',
          )}
        >
          {icon && <span className="shrink-0 text-ink-soft">{icon}</span>}
          <Base.Value placeholder={placeholder} className="min-w-0 flex-1 truncate data-placeholder:text-ink-soft" />
          <Base.Icon className="shrink-0 text-ink-soft">
            <ChevronDown size={18} aria-hidden="true" />
          </Base.Icon>
        </Base.Trigger>
      </div>
      <Base.Portal>
        <Base.Positioner
          sideOffset={6}
          collisionPadding={8}
          alignItemWithTrigger={false}
          className="z-50 outline-none select-none"
        >
          <Base.Popup className={cx(popupClass, 'min-w-(--anchor-width)')}>
            <Base.List>
              {options.map(option => (
                <Base.Item key={option.value} value={option.value} className={itemClass}>
                  <Base.ItemText className="min-w-0 flex-1 truncate">{option.label}</Base.ItemText>
                  <Base.ItemIndicator>
                    <Check size={18} aria-hidden="true" className="text-accent-text" />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
