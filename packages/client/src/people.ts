import type { Presence } from '@parley/protocol'
import type { Signalling } from './signalling/ports.ts'
import type { Unsubscribe } from './types.ts'

type OwnPresence = { readonly status: 'available' | 'away' | 'offline'; readonly name?: string }

/** Who is online, and our own presence. Both are requested again when the server has forgotten the session. */
export class People {
  readonly #signalling: Signalling
  readonly #changed: (people: ReadonlyMap<string, Presence>) => void
  readonly #stopListening: Unsubscribe
  #people: ReadonlyMap<string, Presence> = new Map()
  #watchers = 0
  #own: OwnPresence | undefined

  constructor(signalling: Signalling, changed: (people: ReadonlyMap<string, Presence>) => void) {
    this.#signalling = signalling
    this.#changed = changed
    this.#stopListening = signalling.on('presence', presence => this.#update(presence))
  }

  get people(): ReadonlyMap<string, Presence> {
    return this.#people
  }

  async set(own: OwnPresence): Promise<void> {
    this.#own = own
    await this.#signalling.request('presence.set', own)
  }

  async watch(): Promise<Unsubscribe> {
    this.#watchers++
    if (this.#watchers === 1) await this.#ask(false)
    let stopped = false
    return () => {
      if (stopped) return
      stopped = true
      this.#watchers--
      if (this.#watchers === 0) this.#stopWatching()
    }
  }

  /** The server has forgotten the session: requests everything again. */
  async restore(): Promise<void> {
    const own = this.#own && this.#signalling.request('presence.set', this.#own, { urgent: true })
    await Promise.all([own, this.#watchers > 0 ? this.#ask(true) : undefined])
  }

  close(): void {
    this.#stopListening()
    this.#replace(new Map())
  }

  async #ask(urgent: boolean): Promise<void> {
    await this.#signalling.request(
      'presence.watch',
      { watch: true },
      { urgent, onValue: ({ people }) => this.#replace(new Map(people.map(person => [person.identity, person]))) },
    )
  }

  #stopWatching(): void {
    this.#replace(new Map())
    this.#signalling.request('presence.watch', { watch: false }).catch(() => {}) // The session may be gone already.
  }

  #update(presence: Presence): void {
    if (this.#watchers === 0) return
    const people = new Map(this.#people)
    if (presence.status === 'offline') people.delete(presence.identity)
    else people.set(presence.identity, presence)
    this.#replace(people)
  }

  #replace(people: ReadonlyMap<string, Presence>): void {
    if (people.size === 0 && this.#people.size === 0) return
    this.#people = people
    this.#changed(people)
  }
}
