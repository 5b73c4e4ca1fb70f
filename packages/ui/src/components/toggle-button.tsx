import type { ReactNode, Ref } from 'react'
import { cx } from './cx.ts'
import { Tooltip } from './tooltip.tsx'

/** How a pressed toggle looks: `accent` for something on, `danger` for something cut off (muted, camera off). */
type PressedTone = 'accent' | 'danger'

const pressedTones: Record<PressedTone, string> = {
  accent: 'aria-pressed:bg-accent aria-pressed:text-on-accent aria-pressed:hover:not-disabled:bg-accent-hover',
  danger: 'aria-pressed:bg-danger aria-pressed:text-on-danger aria-pressed:hover:not-disabled:bg-danger-hover',
}

export interface ToggleButtonProps {
  /** The accessible name: the action in effect while pressed, e.g. “Mute microphone”. The same in both states. */
  readonly label: string
  readonly pressed: boolean
  readonly onPressedChange: (pressed: boolean) => void
  readonly icon: ReactNode
  /** The icon while pressed; defaults to `icon`. */
  readonly pressedIcon?: ReactNode
  /** What a press would do now, e.g. “Unmute”; defaults to the label. */
  readonly tooltip?: string | undefined
  readonly shortcut?: string | undefined
  readonly tone?: PressedTone
  readonly side?: 'top' | 'bottom' | 'left' | 'right'
  /** Visible text beside the icon. */
  readonly children?: ReactNode
  /** A 48 px circle instead of a 44 px rounded square. */
  readonly round?: boolean
  readonly disabled?: boolean
  readonly className?: string | undefined
  readonly ref?: Ref<HTMLButtonElement> | undefined
}

/** A real toggle: `aria-pressed`, a name that does not change, a tooltip with the shortcut. */
export function ToggleButton({
  label,
  pressed,
  onPressedChange,
  icon,
  pressedIcon = icon,
  tooltip = label,
  shortcut,
  tone = 'accent',
  side = 'top',
  children,
  round = false,
  disabled = false,
  className,
  ref,
}: ToggleButtonProps) {
  return (
    <Tooltip content={tooltip} shortcut={shortcut} side={side}>
      <button
        ref={ref}
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        aria-keyshortcuts={shortcut}
        disabled={disabled}
        onClick={() => onPressedChange(!pressed)}
        className={cx(
          'inline-flex shrink-0 items-center justify-center gap-2 font-medium select-none',
          round ? 'size-12 rounded-full' : 'h-11 min-w-11 rounded-lg',
          'bg-control text-ink transition-colors duration-150 hover:not-disabled:bg-control-hover',
          'disabled:cursor-not-allowed disabled:opacity-50',
          children !== undefined && 'px-4',
          pressedTones[tone],
          className,
        )}
      >
        {pressed ? pressedIcon : icon}
        {children}
      </button>
    </Tooltip>
  )
}
