import type { Emitter, Unsubscribe } from '@parley/client'

/** Typed events; a listener that throws does not stop the others. */
export class Events<Payloads> implements Emitter<Payloads> {
  readonly #listeners = new Map<keyof Payloads, Set<(payload: never) => void>>()

  on<K extends keyof Payloads>(event: K, listener: (payload: Payloads[K]) => void): Unsubscribe {
    const listeners = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, listeners)
    const entry = (payload: Payloads[K]) => listener(payload)
    listeners.add(entry)
    return () => void listeners.delete(entry)
  }

  emit<K extends keyof Payloads>(event: K, payload: Payloads[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        ;(listener as (payload: Payloads[K]) => void)(payload)
      } catch (error) {
        reportError(error)
      }
    }
  }
}
