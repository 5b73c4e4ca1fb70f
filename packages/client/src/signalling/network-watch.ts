import type { Unsubscribe } from '../types.ts'

export interface NetworkEvents {
  /** The network has changed, or is back: addresses may have changed. */
  changed(): void
  /** The page is visible again; its timers may have been paused. */
  woke(): void
  /** The page is being closed. */
  left(): void
}

/** Only `type` shows that the network has changed; the other properties of the Network Information API change all the time. */
interface NetworkInformation extends EventTarget {
  readonly type?: string
}

/** Listens to the browser's events about networks and about the page being hidden, shown or closed. */
export function watchNetwork(events: NetworkEvents): Unsubscribe {
  const stop = new AbortController()
  const { signal } = stop
  addEventListener('online', () => events.changed(), { signal })
  addEventListener('pagehide', () => events.left(), { signal })
  // The back button has brought the page back.
  addEventListener('pageshow', event => event.persisted && events.woke(), { signal })
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && events.woke(), {
    signal,
  })

  const connection = (navigator as Navigator & { connection?: NetworkInformation }).connection
  let type = connection?.type
  connection?.addEventListener(
    'change',
    () => {
      if (connection.type === type) return
      type = connection.type
      if (type !== 'none') events.changed()
    },
    { signal },
  )
  return () => stop.abort()
}
