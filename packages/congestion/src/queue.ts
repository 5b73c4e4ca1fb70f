const firstCapacity = 16

/** A first-in, first-out queue of items with a size and a time each: a ring that grows and is used again. */
export class Queue<T> {
  #items: (T | undefined)[] = new Array(firstCapacity).fill(undefined)
  #sizes = new Float64Array(firstCapacity)
  #times = new Float64Array(firstCapacity)
  #head = 0
  #length = 0
  #bytes = 0

  get length(): number {
    return this.#length
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Of the first item: its bytes, and since when it waits. Of use when there is one. */
  get firstBytes(): number {
    return this.#sizes[this.#head] as number
  }

  get firstAt(): number {
    return this.#times[this.#head] as number
  }

  push(item: T, bytes: number, now: number): void {
    if (this.#length === this.#items.length) this.#grow()
    const slot = (this.#head + this.#length) & (this.#items.length - 1)
    this.#items[slot] = item
    this.#sizes[slot] = bytes
    this.#times[slot] = now
    this.#length++
    this.#bytes += bytes
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head] = undefined
    this.#bytes -= this.#sizes[this.#head] as number
    this.#head = (this.#head + 1) & (this.#items.length - 1)
    this.#length--
    return item
  }

  removeIf(stale: (item: T) => boolean): void {
    for (let left = this.#length; left > 0; left--) {
      const bytes = this.firstBytes
      const at = this.firstAt
      const item = this.shift() as T
      if (!stale(item)) this.push(item, bytes, at)
    }
  }

  #grow(): void {
    const { length } = this.#items
    const sizes = new Float64Array(2 * length)
    const times = new Float64Array(2 * length)
    const items: (T | undefined)[] = new Array(2 * length).fill(undefined)
    for (let i = 0; i < length; i++) {
      const from = (this.#head + i) & (length - 1)
      items[i] = this.#items[from]
      sizes[i] = this.#sizes[from] as number
      times[i] = this.#times[from] as number
    }
    this.#items = items
    this.#sizes = sizes
    this.#times = times
    this.#head = 0
  }
}
