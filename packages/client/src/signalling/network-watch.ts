import type { Unsubscribe } from '../types.ts'

export interface NetworkEvents {
  /** Another network, or the same one again: addresses may have changed. */
  changed(): void
  /** The page is looked at again, after timers may have slept. */
  woke(): void
  /** The page goes away. */
  left(): void
}

/** `type` alone tells of another network; the other properties of the Network Information API wander all the time. */
interface NetworkInformation extends EventTarget {
  readonly type?: string
}

/** Listens to what browsers tell about networks and the page's life. */
export function watchNetwork(events: NetworkEvents): Unsubscribe {
  const stop = new AbortController()
  const { signal } = stop
  addEventListener('online', () => events.changed(), { signal })
  addEventListener('pagehide', () => events.left(), { signal })
  // A page that the back button brings back.
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
