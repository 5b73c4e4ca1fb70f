import { useSyncExternalStore } from 'react'

let text = ''
const listeners = new Set<() => void>()

/** Announces a message to screen-reader users, politely. A repeated message is announced again. */
export function announce(message: string): void {
  text = message === text ? `${message}\u00a0` : message
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The app's only polite live region. Render it once, at the root. */
export function LiveRegion() {
  const current = useSyncExternalStore(subscribe, () => text)
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {current}
    </div>
  )
}
