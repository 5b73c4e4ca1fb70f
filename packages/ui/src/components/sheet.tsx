import { Drawer } from '@base-ui/react/drawer'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from './icon-button.tsx'

export interface SheetProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly closeLabel: string
  readonly children: ReactNode
}

/** A bottom sheet for phones: swipe down, Esc or a press outside closes it. */
export function Sheet({ open, onClose, title, closeLabel, children }: SheetProps) {
  return (
    <Drawer.Root
      open={open}
      swipeDirection="down"
      onOpenChange={next => {
        if (!next) onClose()
      }}
    >
      <Drawer.Portal>
        <Drawer.Backdrop className="fixed inset-0 z-40 bg-scrim opacity-[calc(1-var(--drawer-swipe-progress,0))] transition-opacity duration-300 data-ending-style:opacity-0 data-starting-style:opacity-0 data-swiping:duration-0" />
        <Drawer.Viewport className="fixed inset-0 z-40 flex items-end justify-center">
          <Drawer.Popup className="flex max-h-[85dvh] w-full max-w-xl translate-y-(--drawer-swipe-movement-y) flex-col rounded-t-2xl border-t border-line bg-raised pb-[env(safe-area-inset-bottom)] shadow-pop outline-none transition-transform duration-300 ease-out data-ending-style:translate-y-full data-starting-style:translate-y-full data-swiping:select-none data-swiping:duration-0">
            <div aria-hidden="true" className="mx-auto mt-2.5 h-1 w-9 rounded-full bg-line-strong/60" />
            <div className="flex items-center gap-3 py-1 pr-2 pl-5">
              <Drawer.Title className="min-w-0 flex-1 truncate text-lg font-semibold">{title}</Drawer.Title>
              <IconButton label={closeLabel} icon={<X size={20} aria-hidden="true" />} onClick={onClose} />
            </div>
            <Drawer.Content className="flex min-h-0 flex-1 flex-col overflow-y-auto overscroll-contain">
              {children}
            </Drawer.Content>
          </Drawer.Popup>
        </Drawer.Viewport>
      </Drawer.Portal>
    </Drawer.Root>
  )
}
