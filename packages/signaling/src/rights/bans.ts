import { randomUUID } from 'node:crypto'
import { sourceKey } from '@parley/net'
import { AppError } from '@parley/protocol'

/** Who is kept out, of what, and until when. */
export interface Ban {
  readonly id: string
  /** Absent: of the whole server. */
  readonly room?: string
  readonly identity?: string
  /** Guests from here, as {@link sourceKey} names it: identities cost them nothing. */
  readonly source?: string
  /** Identities that may come from there all the same. */
  readonly spared?: readonly string[]
  /** Ms since 1970. */
  readonly until: number
}

export type NewBan = Omit<Ban, 'id'>

/** Somebody at a door. */
export interface Newcomer {
  /** Absent: the server's own door. */
  readonly room?: string
  readonly identity: string
  /** Made up by the server for who had no token. */
  readonly guest: boolean
  /** The address that they come from. */
  readonly source: string
}

/** Where bans are kept over a restart. */
export interface BanStore {
  load(): readonly Ban[]
  save(bans: readonly Ban[]): void
}

/** Of one room, and of the server: beyond it the one that ends first goes. */
const most = 1000

/** All bans. Pure but for the store: `now` is in ms. */
export class Bans {
  readonly #store: BanStore | undefined
  /** By room; the server's under `undefined`. */
  readonly #byRoom = new Map<string | undefined, readonly Ban[]>()

  constructor(store?: BanStore) {
    this.#store = store
    for (const ban of store?.load() ?? []) this.#byRoom.set(ban.room, [...(this.#byRoom.get(ban.room) ?? []), ban])
  }

  add(given: NewBan, now: number): Ban {
    const { source, ...rest } = given
    const ban = { ...rest, id: randomUUID(), ...(source !== undefined && { source: sourceKey(source) }) }
    const live = [...this.#live(ban.room, now), ban].sort((a, b) => b.until - a.until)
    this.#byRoom.set(ban.room, live.slice(0, most))
    this.#save(now)
    return ban
  }

  /** False: there is none. */
  lift(id: string, now: number): boolean {
    const ban = this.all(now).find(one => one.id === id)
    if (!ban) return false
    this.#byRoom.set(
      ban.room,
      this.#live(ban.room, now).filter(one => one !== ban),
    )
    this.#save(now)
    return true
  }

  all(now: number): readonly Ban[] {
    return [...this.#byRoom.keys()].flatMap(room => this.#live(room, now))
  }

  /** Whether guests from there are kept out of that room already. */
  guards(room: string, source: string, now: number): boolean {
    return this.#live(room, now).some(ban => ban.source === sourceKey(source))
  }

  /** Throws AppError `removed`, `network-barred` for whoever is kept out. */
  check(arrival: Newcomer, now: number): void {
    const code = this.refusal(arrival, now)
    if (code) throw new AppError(code)
  }

  refusal({ room, identity, guest, source }: Newcomer, now: number): 'removed' | 'network-barred' | undefined {
    const bans = room === undefined ? this.#live(room, now) : [...this.#live(undefined, now), ...this.#live(room, now)]
    if (bans.some(ban => ban.identity === identity)) return 'removed'
    if (!guest || bans.length === 0) return undefined
    const key = sourceKey(source)
    const barred = bans.some(ban => ban.source === key && !ban.spared?.includes(identity))
    return barred ? 'network-barred' : undefined
  }

  #live(room: string | undefined, now: number): readonly Ban[] {
    return (this.#byRoom.get(room) ?? []).filter(({ until }) => until > now)
  }

  #save(now: number): void {
    for (const room of this.#byRoom.keys()) if (this.#live(room, now).length === 0) this.#byRoom.delete(room)
    this.#store?.save(this.all(now))
  }
}
