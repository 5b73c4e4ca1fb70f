import { sourceKey } from './source-key.ts'

export interface PlacesOptions<T> {
  /** In all. */
  readonly most: number
  /** Of one source address (see {@link sourceKey}). */
  readonly perSource: number
  /** Ends a holder that has to give way; it no longer counts by then. */
  readonly giveUp: (holder: T) => void
}

/**
 * So many places for connections and the like, shared by source address: a source gets only so many, and when all are taken
 * the source that has most gives up its oldest for one that has fewer. So nobody can shut others out. Holders are told apart
 * by identity. Pure.
 *
 * @example
 * const places = new Places<Socket>({ most: 8192, perSource: 2048, giveUp: socket => socket.destroy() })
 * if (!places.enter('192.0.2.1', socket)) socket.destroy()
 * socket.on('close', () => places.leave(socket))
 */
export class Places<T> {
  readonly #options: PlacesOptions<T>
  readonly #sources = new Map<string, Set<T>>()
  readonly #holders = new Map<T, string>()

  constructor(options: PlacesOptions<T>) {
    this.#options = options
  }

  get taken(): number {
    return this.#holders.size
  }

  /** How many sources have a place. */
  get sources(): number {
    return this.#sources.size
  }

  /** False: its source has too many, or all are taken and nobody has more. Who has a place already keeps it. */
  enter(address: string | Uint8Array, holder: T): boolean {
    if (this.#holders.has(holder)) return true
    const { most, perSource } = this.#options
    const source = sourceKey(address)
    const mine = this.#sources.get(source)?.size ?? 0
    if (mine >= perSource || (this.taken >= most && !this.#makeRoom(mine + 1))) return false
    const holders = this.#sources.get(source) ?? new Set()
    this.#sources.set(source, holders.add(holder))
    this.#holders.set(holder, source)
    return true
  }

  /** May be called twice, and for one that never had a place. */
  leave(holder: T): void {
    const source = this.#holders.get(holder)
    if (source === undefined) return
    this.#holders.delete(holder)
    const holders = this.#sources.get(source)
    holders?.delete(holder)
    if (holders?.size === 0) this.#sources.delete(source)
  }

  #makeRoom(coming: number): boolean {
    let greediest: Set<T> | undefined
    for (const holders of this.#sources.values()) if (holders.size > (greediest?.size ?? coming)) greediest = holders
    if (!greediest) return false
    for (const oldest of greediest) {
      this.leave(oldest)
      this.#options.giveUp(oldest)
      break
    }
    return true
  }
}
