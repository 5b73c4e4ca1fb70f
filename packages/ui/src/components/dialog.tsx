import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode, RefObject } from 'react'
import { cx } from './cx.ts'
import { IconButton } from './icon-button.tsx'

const sizes = { sm: 'sm:max-w-sm', md: 'sm:max-w-md', lg: 'sm:max-w-2xl' }

export interface DialogProps {
  readonly open: boolean
  /** Called on Esc, on the backdrop and on the close button. */
  readonly onClose: () => void
  readonly title: ReactNode
  /** Keeps the title for assistive technology only. */
  readonly hideTitle?: boolean
  readonly description?: ReactNode | undefined
  readonly children?: ReactNode
  /** Buttons, the main one last. */
  readonly footer?: ReactNode
  readonly size?: keyof typeof sizes
  /** The close button's name; without it there is no close button, and a press outside does nothing. */
  readonly closeLabel?: string | undefined
  readonly initialFocus?: RefObject<HTMLElement | null>
}

/** A modal dialog; on a phone it rises from the bottom edge. Focus moves in, stays in and returns on close. */
export function Dialog(props: DialogProps) {
  const {
    open,
    onClose,
    title,
    hideTitle = false,
    description,
    children,
    footer,
    size = 'md',
    closeLabel,
    initialFocus,
  } = props
  return (
    <Base.Root
      open={open}
      disablePointerDismissal={closeLabel === undefined}
      onOpenChange={next => {
        if (!next) onClose()
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-200 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-40 flex items-end justify-center sm:items-center sm:p-6">
          <Base.Popup
            {...(initialFocus && { initialFocus })}
            className={cx(
              'flex max-h-[92dvh] w-full flex-col overflow-y-auto rounded-t-2xl border border-line bg-raised p-6 shadow-pop outline-none',
              'pb-[max(1.5rem,env(safe-area-inset-bottom))] sm:rounded-2xl sm:pb-6',
              'transition-[translate,scale,opacity] duration-200 ease-out data-ending-style:opacity-0 data-starting-style:opacity-0',
              'max-sm:data-starting-style:translate-y-8 sm:data-starting-style:scale-[0.97]',
              sizes[size],
            )}
          >
            <div className={hideTitle ? 'sr-only' : 'mb-5 flex items-start gap-3'}>
              <Base.Title className="min-w-0 flex-1 text-xl font-semibold tracking-tight">{title}</Base.Title>
              {closeLabel !== undefined && (
                <IconButton
                  label={closeLabel}
                  icon={<X size={20} aria-hidden="true" />}
                  onClick={onClose}
                  className="-mt-2 -mr-2"
                />
              )}
            </div>
            {description && <Base.Description className="-mt-3.5 mb-5 text-ink-soft">{description}</Base.Description>}
            {children}
            {footer && <div className="mt-6 flex flex-col-reverse gap-2.5 sm:flex-row sm:justify-end">{footer}</div>}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
