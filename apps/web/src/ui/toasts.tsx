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

/** What shows them comes with the first one; what is asked for before it is there waits. */
const ToastList = lazy(() => import('./toast-list.tsx').then(module => ({ default: module.ToastList })))
type Add = (options: ToastOptions) => () => void

let add: Add | undefined
const waiting: ((add: Add) => void)[] = []
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function ready(how: Add): void {
  add = how
  for (const show of waiting.splice(0)) show(how)
}

/** Shows a toast, from anywhere; returns the way to close it early. Spoken politely. */
export function toast(options: ToastOptions): () => void {
  if (add) return add(options)
  let closed = false
  let close = () => {
    closed = true
  }
  waiting.push(how => {
    if (!closed) close = how(options)
  })
  for (const listener of listeners) listener()
  return () => close()
}

const isWanted = () => add !== undefined || waiting.length > 0

/** Where toasts appear; once, at the root. */
export function Toasts({ label, closeLabel }: { readonly label: string; readonly closeLabel: string }) {
  const wanted = useSyncExternalStore(subscribe, isWanted)
  return (
    wanted && (
      <Suspense>
        <ToastList label={label} closeLabel={closeLabel} onReady={ready} />
      </Suspense>
    )
  )
}
