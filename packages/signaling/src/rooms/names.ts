import { likeness, limits } from '@parley/protocol'

interface Holder {
  readonly identity: string
  seats: number
}

/**
 * The names in one room. A name belongs to one identity: the second “Ann” becomes “Ann (2)”, while the tabs of one
 * person share theirs. Names that look alike (case, width, invisible characters) are the same.
 */
export class Names {
  readonly #holders = new Map<string, Holder>()

  /** The name that `identity` gets when it wants `wanted`. Release it when the seat is given up. */
  claim(identity: string, wanted: string): string {
    for (let count = 1; ; count++) {
      const name = count === 1 ? wanted : withCount(wanted, count)
      const holder = this.#holders.get(likeness(name))
      if (!holder) this.#holders.set(likeness(name), { identity, seats: 1 })
      else if (holder.identity === identity) holder.seats++
      else continue
      return name
    }
  }

  release(name: string): void {
    const key = likeness(name)
    const holder = this.#holders.get(key)
    if (holder && --holder.seats === 0) this.#holders.delete(key)
  }
}

function withCount(name: string, count: number): string {
  const suffix = ` (${count})`
  const head = name.slice(0, limits.displayNameChars - suffix.length).replace(/[\ud800-\udbff]$/, '')
  return head.trimEnd() + suffix
}
