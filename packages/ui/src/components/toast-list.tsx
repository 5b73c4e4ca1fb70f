import { Toast } from '@base-ui/react/toast'
import { CircleAlert, X } from 'lucide-react'
import { useEffect } from 'react'
import type { ShowToast, ToastOptions } from '../page/toasts.ts'

/** Base UI sets `aria-modal="false"`, which is not allowed on a group. */
const notModal = { 'aria-modal': undefined }

type Tone = NonNullable<ToastOptions['tone']>

const manager = Toast.createToastManager<{ tone: Tone }>()

const showToast: ShowToast = ({ title, description, tone = 'info', action, timeoutMs = 6000, id }) => {
  const key = manager.add({
    title,
    timeout: timeoutMs,
    data: { tone },
    ...(id !== undefined && { id }),
    ...(description !== undefined && { description }),
    ...(action && {
      actionProps: {
        children: action.label,
        onClick: () => {
          action.onSelect()
          manager.close(key)
        },
      },
    }),
  })
  return () => manager.close(key)
}

export interface ToastListProps {
  readonly label: string
  readonly closeLabel: string
  /** Called with the function that shows toasts, once the list is ready for them. */
  readonly onReady: (show: ShowToast) => void
}

export function ToastList({ label, closeLabel, onReady }: ToastListProps) {
  useEffect(() => onReady(showToast), [onReady])
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      <Toast.Portal>
        <Toast.Viewport
          aria-label={label}
          className="fixed inset-x-4 bottom-[max(1rem,env(safe-area-inset-bottom))] z-60 mx-auto flex max-w-md flex-col gap-2 sm:right-6 sm:bottom-6 sm:left-auto sm:w-96"
        >
          <Items closeLabel={closeLabel} />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function Items({ closeLabel }: { readonly closeLabel: string }) {
  const { toasts } = Toast.useToastManager<{ tone: Tone }>()
  return toasts.map(item => (
    <Toast.Root
      key={item.id}
      toast={item}
      role="group"
      {...notModal}
      swipeDirection={['down', 'right']}
      className="translate-x-(--toast-swipe-movement-x) translate-y-(--toast-swipe-movement-y) rounded-xl bg-inverse text-white shadow-pop transition-[opacity,translate] duration-200 ease-out data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-4 data-starting-style:opacity-0"
    >
      <Toast.Content className="flex items-center gap-3 py-1.5 pr-1.5 pl-4">
        {item.data?.tone === 'danger' && (
          <CircleAlert size={20} aria-hidden="true" className="shrink-0 text-[#ff9b9d]" />
        )}
        <div className="min-w-0 flex-1 py-1.5">
          <Toast.Title className="text-[0.9375rem] font-medium break-words" />
          <Toast.Description className="text-sm text-white/80" />
        </div>
        <Toast.Action className="h-11 shrink-0 rounded-lg px-3 text-[0.9375rem] font-semibold text-inverse-accent hover:bg-white/10 focus-visible:outline-inverse-accent" />
        <Toast.Close
          aria-label={closeLabel}
          aria-hidden={false}
          className="inline-flex size-11 shrink-0 items-center justify-center rounded-lg text-white/80 hover:bg-white/10 hover:text-white focus-visible:outline-inverse-accent"
        >
          <X size={18} aria-hidden="true" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}
