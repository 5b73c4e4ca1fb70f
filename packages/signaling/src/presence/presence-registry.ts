import type { Person, Presence, PresenceStatus } from '@parley/protocol'

interface Known {
  name: string
  status: PresenceStatus
  /** What each of the person's sessions says. */
  readonly said: Map<string, 'available' | 'away'>
}

export interface PresenceOutput {
  /** Whether any session of the person sits in a room or is in a call. */
  engaged(identity: string): boolean
  /** Somebody came online, changed or went offline. */
  changed(presence: Presence, now: number): void
}

/**
 * Who is online. People are `offline` until one of their sessions says otherwise. From then on they are `in-call` while any
 * session is in a call or a room, else `available` if any session says so, else `away`. Pure; `now` in ms.
 */
export class PresenceRegistry {
  readonly #output: PresenceOutput
  readonly #people = new Map<string, Known>()

  constructor(output: PresenceOutput) {
    this.#output = output
  }

  find(identity: string): Presence | undefined {
    const known = this.#people.get(identity)
    return known && { identity, name: known.name, status: known.status }
  }

  /** Everybody who is online but one. */
  others(identity: string): Presence[] {
    return [...this.#people]
      .filter(([other]) => other !== identity)
      .map(([other, { name, status }]) => ({ identity: other, name, status }))
  }

  /** A session sets the status of its person. */
  set(session: string, { identity, name }: Person, status: 'available' | 'away' | 'offline', now: number): void {
    if (status === 'offline') {
      this.forget(session, identity, now)
      return
    }
    const known = this.#people.get(identity)
    const renamed = known !== undefined && known.name !== name
    const said = known?.said ?? new Map<string, 'available' | 'away'>()
    said.set(session, status)
    this.#people.set(identity, { name, status: known?.status ?? 'offline', said })
    this.refresh(identity, now, renamed)
  }

  /** The session is over, or no longer wants to be seen. */
  forget(session: string, identity: string, now: number): void {
    const known = this.#people.get(identity)
    if (!known?.said.delete(session)) return
    if (known.said.size > 0) {
      this.refresh(identity, now)
      return
    }
    this.#people.delete(identity)
    this.#output.changed({ identity, name: known.name, status: 'offline' }, now)
  }

  /** Call this when a person's rooms or calls change. */
  refresh(identity: string, now: number, force = false): void {
    const known = this.#people.get(identity)
    if (!known) return
    const status = this.#output.engaged(identity)
      ? 'in-call'
      : [...known.said.values()].includes('available')
        ? 'available'
        : 'away'
    if (status === known.status && !force) return
    known.status = status
    this.#output.changed({ identity, name: known.name, status }, now)
  }
}
