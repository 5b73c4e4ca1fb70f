import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { cx } from './cx.ts'
import { Spinner } from './spinner.tsx'

export type ButtonVariant = 'primary' | 'secondary' | 'control' | 'ghost' | 'soft' | 'danger'

/** `control` is for bars and the stage, `soft` for low-key invitations, `danger` for leaving and losing something. */
export const buttonVariants: Record<ButtonVariant, string> = {
  primary: 'bg-accent text-on-accent hover:not-disabled:bg-accent-hover',
  secondary: 'bg-surface text-ink border border-line-strong/50 hover:not-disabled:bg-hover',
  control: 'bg-control text-ink hover:not-disabled:bg-control-hover',
  ghost: 'text-ink hover:not-disabled:bg-hover',
  danger: 'bg-danger text-on-danger hover:not-disabled:bg-danger-hover',
  soft: 'bg-accent-soft text-accent-text hover:not-disabled:brightness-95',
}

interface Look {
  readonly variant?: ButtonVariant
  readonly size?: 'md' | 'lg'
  readonly block?: boolean
}

/** The look of a {@link Button}, for links. */
export function buttonClass({ variant = 'secondary', size = 'md', block = false }: Look): string {
  return cx(
    'inline-flex items-center justify-center gap-2 rounded-lg font-medium select-none whitespace-nowrap',
    'transition-[background-color,color,opacity,scale,filter] duration-150 active:not-disabled:scale-[0.98]',
    'disabled:cursor-not-allowed disabled:opacity-50',
    size === 'lg' ? 'h-12 px-6 text-base' : 'h-11 px-4 text-[0.9375rem]',
    block && 'w-full',
    buttonVariants[variant],
  )
}

export interface ButtonProps extends Look, Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-busy'> {
  readonly icon?: ReactNode
  /** Shows a spinner and ignores presses; the label stays. */
  readonly busy?: boolean
  readonly ref?: Ref<HTMLButtonElement> | undefined
}

/** A button with a visible label. */
export function Button(props: ButtonProps) {
  const {
    variant = 'secondary',
    size = 'md',
    block = false,
    icon,
    busy = false,
    className,
    disabled,
    children,
    ...rest
  } = props
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cx(buttonClass({ variant, size, block }), className)}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  )
}
