import type { BoardEntry } from './types.ts'

/** Whether `a` replaces `b`, an entry with the same key. */
function wins(a: Version, b: Version | undefined): boolean {
  return !b || a.version > b.version || (a.version === b.version && a.nonce < b.nonce)
}

type Version = Pick<BoardEntry, 'version' | 'nonce'>

/** The entries of a board as we know them, and which of ours the server has yet to be told. Pure. */
export class BoardStore {
  readonly entries = new Map<string, BoardEntry>()
  readonly #unsent = new Set<string>()
  /** Ours that the server may have been told since the reading of it began, and which that need not list. */
  #since = new Set<string>()

  /** How many entries the server has yet to be told. */
  get unsent(): number {
    return this.#unsent.size
  }

  /** Ours, as far as they are newer than what is there. */
  put(entries: readonly BoardEntry[]): void {
    for (const entry of entries) {
      if (!wins(entry, this.entries.get(entry.key))) continue
      this.entries.set(entry.key, entry)
      this.#unsent.add(entry.key)
      this.#since.add(entry.key)
    }
  }

  /** From now on the server is read from the beginning; see {@link reduceTo}. */
  beginReading(): void {
    this.#since = new Set(this.#unsent)
  }

  /** The server's. Returns those that are newer than what was there. */
  merge(entries: readonly BoardEntry[]): BoardEntry[] {
    const changed: BoardEntry[] = []
    for (const entry of entries) {
      const known = this.entries.get(entry.key)
      const newer = wins(entry, known)
      // What the server has in the version that is ours, or a later one, it need not be told.
      if (newer || !wins(known as BoardEntry, entry)) this.#unsent.delete(entry.key)
      if (!newer) continue
      this.entries.set(entry.key, entry)
      changed.push(entry)
    }
    return changed
  }

  /** The server has taken these, or never will. */
  taken(entries: readonly BoardEntry[]): void {
    for (const { key, version, nonce } of entries) {
      const known = this.entries.get(key)
      if (known?.version === version && known.nonce === nonce) this.#unsent.delete(key)
    }
  }

  /** Those that the server has yet to be told: what is deleted first, since it makes space. */
  *toSend(): Iterable<BoardEntry> {
    const rest: BoardEntry[] = []
    for (const key of this.#unsent) {
      const entry = this.entries.get(key)
      if (!entry) continue
      if (entry.value === '') yield entry
      else rest.push(entry)
    }
    yield* rest
  }

  /** Another board has begun, which has these: whatever we have beyond that has to be told. */
  bringTo(listed: ReadonlyMap<string, Version>): void {
    for (const [key, entry] of this.entries) if (wins(entry, listed.get(key))) this.#unsent.add(key)
  }

  /** The same board has only these left: what else we had from it was deleted, which it has forgotten. Returns that, as deleted. */
  reduceTo(listed: ReadonlyMap<string, Version>): BoardEntry[] {
    const lost = [...this.entries.values()].filter(
      ({ key, value }) => value !== '' && !listed.has(key) && !this.#since.has(key),
    )
    const deleted = lost.map(({ key, version, nonce }) => ({ key, version: version + 1, nonce, value: '' }))
    for (const entry of deleted) this.entries.set(entry.key, entry)
    return deleted
  }
}
