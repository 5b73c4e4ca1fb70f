interface ToastAction {
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

/** Puts a toast on the screen; returns the way to close it. */
export type ShowToast = (options: ToastOptions) => () => void

let show: ShowToast | undefined
/** What was asked for before the list of toasts was there. */
const waiting: ((show: ShowToast) => void)[] = []
const listeners = new Set<() => void>()

/** Shows a toast, from anywhere; returns the way to close it early. Spoken politely. */
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

/** Whether there has been a toast to show: from then on the list of toasts has to be on the page. */
export function areToastsWanted(): boolean {
  return show !== undefined || waiting.length > 0
}

/** Calls back when {@link areToastsWanted} may have changed, until the function returned is called. */
export function onToastsWanted(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The list of toasts is on the page and shows them this way. */
export function showToastsWith(list: ShowToast): void {
  show = list
  for (const shown of waiting.splice(0)) shown(list)
}
