interface ToastAction {
  readonly label: string
  readonly onSelect: () => void
}

export interface ToastOptions {
  readonly title: string
  readonly description?: string | undefined
  readonly tone?: 'info' | 'danger'
  /** An action to offer, e.g. undo. */
  readonly action?: ToastAction | undefined
  /** How long it stays, ms; 0 = until it is closed. Default 6,000. Waits while hovered or focused. */
  readonly timeoutMs?: number
  /** A toast with the same id is replaced instead of stacked. */
  readonly id?: string | undefined
}

/** Shows a toast; returns the function that closes it. */
export type ShowToast = (options: ToastOptions) => () => void

let show: ShowToast | undefined
/** Toasts requested before the list was mounted. */
const waiting: ((show: ShowToast) => void)[] = []
const listeners = new Set<() => void>()

/** Shows a toast, from anywhere; returns the function that closes it early. Announced politely. */
export function toast(options: ToastOptions): () => void {
  if (show) return show(options)
  let closed = false
  let close = () => {
    closed = true
  }
  waiting.push(show => {
    if (!closed) close = show(options)
  })
  for (const listener of listeners) listener()
  return () => close()
}

/** Whether a toast has been requested; from then on the list of toasts must be on the page. */
export function areToastsWanted(): boolean {
  return show !== undefined || waiting.length > 0
}

/** Calls the listener when {@link areToastsWanted} may have changed, until the returned function is called. */
export function onToastsWanted(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Called by the list of toasts once it is mounted, with its function to show one; waiting toasts are shown then. */
export function showToastsWith(list: ShowToast): void {
  show = list
  for (const shown of waiting.splice(0)) shown(list)
}
