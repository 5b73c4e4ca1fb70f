import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { type ButtonVariant, buttonVariants } from './button.tsx'
import { cx } from './cx.ts'
import { Tooltip } from './tooltip.tsx'

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label' | 'children'> {
  /** The accessible name, which names the action. */
  readonly label: string
  readonly icon: ReactNode
  /** What the tooltip says instead of the label. */
  readonly tooltip?: string | undefined
  /** Shown in the tooltip and exposed to assistive technology; `useShortcuts` makes it work. */
  readonly shortcut?: string | undefined
  readonly side?: 'top' | 'bottom' | 'left' | 'right'
  readonly variant?: ButtonVariant
  readonly ref?: Ref<HTMLButtonElement> | undefined
}

/** A button that shows only an icon, 44 px, with a tooltip. */
export function IconButton({
  label,
  icon,
  tooltip = label,
  shortcut,
  side = 'top',
  variant = 'ghost',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip content={tooltip} shortcut={shortcut} side={side}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-keyshortcuts={shortcut}
        className={cx(
          'inline-flex size-11 shrink-0 items-center justify-center rounded-lg transition-colors duration-150 select-none',
          'disabled:cursor-not-allowed disabled:opacity-50',
          buttonVariants[variant],
          className,
        )}
      >
        {icon}
      </button>
    </Tooltip>
  )
}
