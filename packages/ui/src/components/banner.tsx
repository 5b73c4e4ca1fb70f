import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { IconButton } from './icon-button.tsx'

const tones = {
  info: { className: 'border-line bg-surface text-ink', Icon: Info },
  warn: { className: 'border-warn-line bg-warn-soft text-warn-text', Icon: TriangleAlert },
  danger: { className: 'border-danger/40 bg-danger-soft text-danger-text', Icon: CircleAlert },
} as const

export interface BannerProps {
  readonly tone?: keyof typeof tones
  readonly title: ReactNode
  readonly children?: ReactNode
  /** Buttons or links. */
  readonly actions?: ReactNode
  readonly onDismiss?: (() => void) | undefined
  readonly dismissLabel?: string | undefined
  /** `alert` interrupts, `status` waits its turn. */
  readonly role?: 'alert' | 'status'
  readonly className?: string | undefined
}

/** A message about a lasting state, shown until the state changes. */
export function Banner(props: BannerProps) {
  const { tone = 'info', title, children, actions, onDismiss, dismissLabel, role = 'status', className } = props
  const { className: toneClass, Icon } = tones[tone]
  return (
    <div role={role} className={cx('flex gap-3 rounded-lg border px-4 py-3', toneClass, className)}>
      <Icon size={20} aria-hidden="true" className="mt-0.5 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-[1_1_16rem]">
          <p className="font-medium">{title}</p>
          {children && <div className="mt-0.5 text-[0.9375rem] opacity-90">{children}</div>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {onDismiss && dismissLabel && (
        <IconButton
          label={dismissLabel}
          icon={<X size={18} aria-hidden="true" />}
          onClick={onDismiss}
          className="-my-1.5 -mr-2"
        />
      )}
    </div>
  )
}
