import { randomUUID } from 'node:crypto'
import { sourceKey } from '@parley/net'
import { AppError } from '@parley/protocol'

/** Keeps somebody out of a room or of the whole server, until some time. */
export interface Ban {
  readonly id: string
  /** Absent: the ban is for the whole server. */
  readonly room?: string
  readonly identity?: string
  /** Bans guests from this network ({@link sourceKey}), since a guest can have a new identity for nothing. */
  readonly source?: string
  /** Identities that may still come from that network. */
  readonly spared?: readonly string[]
  /** Ms since 1970. */
  readonly until: number
}

export type NewBan = Omit<Ban, 'id'>

/** Somebody who wants to come in. */
export interface Newcomer {
  /** Absent: they connect to the server, and enter no room yet. */
  readonly room?: string
  readonly identity: string
  /** The server made the identity up, since they had no token. */
  readonly guest: boolean
  /** The address that they come from. */
  readonly source: string
}

/** Keeps bans over a restart. */
export interface BanStore {
  load(): readonly Ban[]
  save(bans: readonly Ban[]): void
}

/** The most bans of one room, and of the server; beyond it, the one that would end first is dropped. */
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

  /** False: there is no such ban. */
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

  /** Whether guests from that source are already kept out of the room. */
  guards(room: string, source: string, now: number): boolean {
    return this.#live(room, now).some(ban => ban.source === sourceKey(source))
  }

  /** Throws AppError `removed` or `network-barred` if a ban keeps them out. */
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
