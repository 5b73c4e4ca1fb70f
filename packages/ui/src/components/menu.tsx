import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { cx } from './cx.ts'
import { Kbd } from './kbd.tsx'

/** The look of every floating list. */
const popupClass =
  'min-w-48 max-w-[min(24rem,calc(100vw-1rem))] origin-(--transform-origin) overflow-y-auto max-h-(--available-height) ' +
  'rounded-lg border border-line bg-raised p-1.5 text-ink shadow-pop outline-none transition-[scale,opacity] duration-150 ' +
  'ease-out data-starting-style:scale-[0.97] data-starting-style:opacity-0 data-ending-style:scale-[0.97] data-ending-style:opacity-0'

const itemClass =
  'flex min-h-11 w-full cursor-default items-center gap-3 rounded-md px-3 py-2 text-left text-[0.9375rem] outline-none select-none ' +
  'data-highlighted:bg-hover data-disabled:opacity-50 [&>svg]:shrink-0'

export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement
  readonly children: ReactNode
  readonly side?: 'top' | 'bottom' | 'left' | 'right'
  readonly align?: 'start' | 'center' | 'end'
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
}

/** A menu of actions, opened by its trigger; arrows, letters and Esc work as the platform's own menus do. */
export function Menu({ trigger, children, side = 'bottom', align = 'end', open, onOpenChange }: MenuProps) {
  return (
    <Base.Root
      modal={false}
      {...(open !== undefined && { open })}
      {...(onOpenChange && { onOpenChange: (next: boolean) => onOpenChange(next) })}
    >
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={6} collisionPadding={8} className="z-50 outline-none">
          <Base.Popup className={popupClass}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export interface MenuItemProps {
  readonly icon?: ReactNode
  readonly shortcut?: string | undefined
  readonly danger?: boolean
  readonly disabled?: boolean
  readonly onSelect: () => void
  readonly children: ReactNode
}

export function MenuItem({ icon, shortcut, danger = false, disabled = false, onSelect, children }: MenuItemProps) {
  return (
    <Base.Item
      disabled={disabled}
      onClick={onSelect}
      aria-keyshortcuts={shortcut}
      className={cx(itemClass, danger && 'text-danger-text')}
    >
      {icon}
      <span className="min-w-0 flex-1">{children}</span>
      {shortcut && (
        <span className="text-ink-soft">
          <Kbd>{shortcut}</Kbd>
        </span>
      )}
    </Base.Item>
  )
}

interface MenuChoice<V extends string> {
  readonly value: V
  readonly label: string
  readonly icon?: ReactNode
}

export interface MenuRadioGroupProps<V extends string> {
  readonly label: string
  readonly value: V | undefined
  readonly choices: readonly MenuChoice<V>[]
  readonly onChange: (value: V) => void
}

/** A choice of one among several, with a heading. */
export function MenuRadioGroup<V extends string>({ label, value, choices, onChange }: MenuRadioGroupProps<V>) {
  return (
    <Base.RadioGroup value={value} onValueChange={onChange}>
      <Base.GroupLabel className="px-3 pt-2 pb-1 text-xs font-semibold text-ink-soft">{label}</Base.GroupLabel>
      {choices.map(choice => (
        <Base.RadioItem key={choice.value} value={choice.value} closeOnClick className={itemClass}>
          {choice.icon}
          <span className="min-w-0 flex-1 truncate">{choice.label}</span>
          <Base.RadioItemIndicator>
            <Check size={18} aria-hidden="true" className="text-accent-text" />
          </Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  )
}

export function MenuSeparator() {
  return <Base.Separator className="mx-2 my-1.5 h-px bg-line" />
}
