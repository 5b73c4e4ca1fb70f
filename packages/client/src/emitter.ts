/** Stops what the function that returned it started; calling it again does nothing. */
export type Unsubscribe = () => void

/** Typed events: `on` returns the way to stop listening. */
export interface Emitter<Events> {
  on<K extends keyof Events>(event: K, listener: (payload: Events[K]) => void): Unsubscribe
}

type Listener<P> = (payload: P) => void
type Listeners<Events> = { [K in keyof Events]?: Set<Listener<Events[K]>> }

/**
 * Typed events. A listener that throws does not stop the others: its error is reported as an uncaught one.
 */
export class EventSource<Events> implements Emitter<Events> {
  readonly #listeners: Listeners<Events> = {}
  readonly #listening: ((event: keyof Events, count: number) => void) | undefined

  /** @param listening Called whenever the number of listeners of an event has changed. */
  constructor(listening?: (event: keyof Events, count: number) => void) {
    this.#listening = listening
  }

  on<K extends keyof Events>(event: K, listener: Listener<Events[K]>): Unsubscribe {
    const set: Set<Listener<Events[K]>> = this.#listeners[event] ?? new Set()
    this.#listeners[event] = set
    // Wrapped, so that the same function added twice makes two listeners that can be removed one by one.
    const entry: Listener<Events[K]> = payload => listener(payload)
    set.add(entry)
    this.#listening?.(event, set.size)
    return () => {
      if (set.delete(entry)) this.#listening?.(event, set.size)
    }
  }

  emit<K extends keyof Events>(event: K, payload: Events[K]): void {
    for (const listener of [...(this.#listeners[event] ?? [])]) {
      try {
        listener(payload)
      } catch (error) {
        reportError(error)
      }
    }
  }

  /** Removes every listener. */
  clear(): void {
    for (const event of Object.keys(this.#listeners) as (keyof Events)[]) {
      this.#listeners[event]?.clear()
      this.#listening?.(event, 0)
    }
  }
}
