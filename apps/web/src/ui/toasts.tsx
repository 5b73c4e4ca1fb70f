import { lazy, Suspense, useSyncExternalStore } from 'react'

export interface ToastAction {
  readonly label: string
  readonly onSelect: () => void
}

export interface ToastOptions {
  readonly title: string
  readonly description?: string | undefined
  readonly tone?: 'info' | 'danger'
  /** One thing to do about it, e.g. undo. */
  readonly action?: ToastAction | undefined
  /** How long it stays, ms; 0 = until it is closed. Default 6,000. Waits while hovered or focused. */
  readonly timeoutMs?: number
  /** A toast with the same id is replaced instead of stacked. */
  readonly id?: string | undefined
}

/** What shows them comes with the first one. */
const load = () => import('./toast-list.tsx')
const ToastList = lazy(() => load().then(module => ({ default: module.ToastList })))

let wanted = false
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Shows a toast, from anywhere; returns the way to close it early. Spoken politely. */
export function toast(options: ToastOptions): () => void {
  wanted = true
  for (const listener of listeners) listener()
  let closed = false
  let close = () => {
    closed = true
  }
  load().then(
    ({ addToast }) => {
      if (!closed) close = addToast(options)
    },
    (error: unknown) => console.warn(`Could not show: ${options.title}`, error),
  )
  return () => close()
}

/** Where toasts appear; once, at the root. */
export function Toasts({ label, closeLabel }: { readonly label: string; readonly closeLabel: string }) {
  const shown = useSyncExternalStore(subscribe, () => wanted)
  return shown && <Suspense>{<ToastList label={label} closeLabel={closeLabel} />}</Suspense>
}
