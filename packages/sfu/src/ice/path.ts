import type { Address, UdpSocket } from '@parley/udp'

/** A way to a peer: one of our sockets, and the address its packets come from. */
export interface Path {
  readonly socket: UdpSocket
  readonly remote: Address
}

interface Entry<V> {
  readonly path: Path
  value: V
  next: Entry<V> | undefined
}

/** A map from paths to values. Looking up allocates nothing. */
export class PathMap<V> {
  readonly #chains = new Map<number, Entry<V>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  get(socket: UdpSocket, remote: Address): V | undefined {
    for (let entry = this.#chains.get(remote.hash); entry; entry = entry.next) {
      if (entry.path.socket === socket && entry.path.remote.equals(remote)) return entry.value
    }
    return undefined
  }

  set(path: Path, value: V): void {
    const { hash } = path.remote
    const chain = this.#chains.get(hash)
    for (let entry = chain; entry; entry = entry.next) {
      if (isSamePath(entry.path, path)) {
        entry.value = value
        return
      }
    }
    this.#chains.set(hash, { path, value, next: chain })
    this.#size++
  }

  delete(path: Path): void {
    const { hash } = path.remote
    let before: Entry<V> | undefined
    for (let entry = this.#chains.get(hash); entry; before = entry, entry = entry.next) {
      if (!isSamePath(entry.path, path)) continue
      if (before) before.next = entry.next
      else if (entry.next) this.#chains.set(hash, entry.next)
      else this.#chains.delete(hash)
      this.#size--
      return
    }
  }
}

export function isSamePath(one: Path, other: Path): boolean {
  return one.socket === other.socket && one.remote.equals(other.remote)
}
