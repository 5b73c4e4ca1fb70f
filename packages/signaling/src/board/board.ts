import { AppError, type BoardChange, type BoardEntry, type BoardPage, type BoardPlace, limits } from '@parley/protocol'

/** What a board may hold. */
export interface BoardCaps {
  readonly boardEntries: number
  readonly boardBytes: number
}

/** Reserves bytes for an entry until it is replaced. Undefined: no more may be kept. */
export type HoldEntry = (bytes: number) => { release(): void } | undefined

/** A change of a board, and what of it has to be told. */
export interface Merged extends BoardChange {
  readonly changed: readonly BoardEntry[]
}

interface Kept {
  readonly entry: BoardEntry
  readonly revision: number
  readonly bytes: number
  readonly hold: { release(): void } | undefined
}

/** Roughly the bytes of an entry besides its key and its value. */
const aroundBytes = 128
/** Roughly the most bytes of one page, so that others' messages get through between two. */
const pageBytes = 192 * 1024

/** Whether `a` replaces `b`, an entry with the same key. */
export function wins(a: BoardEntry, b: BoardEntry | undefined): boolean {
  return !b || a.version > b.version || (a.version === b.version && a.nonce < b.nonce)
}

/** The whiteboard of one room: a table in which the last writer wins, with the order of its changes. Pure. */
export class Board {
  readonly id: string
  /** The latest change last. */
  readonly #kept = new Map<string, Kept>()
  readonly #caps: BoardCaps
  #bytes = 0
  /** How many are not gone. */
  #standing = 0
  #revision = 0
  /** The place of the latest change that has been forgotten: who knows less cannot be told what has gone. */
  #floor = 0

  constructor(id: string, caps: BoardCaps) {
    this.id = id
    this.#caps = caps
  }

  /** Roughly the bytes that are kept. */
  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#kept.size
  }

  /** Whether there is anything on it that is not gone. */
  get used(): boolean {
    return this.#standing > 0
  }

  /**
   * Takes the entries that are newer than what is there: all of them, or none.
   * Throws AppError `board-full`; `too-large` for a version that would leave no room above it.
   * @param spare How many bytes more all boards together may hold.
   */
  merge(entries: readonly BoardEntry[], spare: number, hold: HoldEntry): Merged {
    const changed = this.#newer(entries)
    this.#requireSpace(changed, spare)
    const holds = this.#takeHolds(changed, hold)
    const after = this.#revision
    for (const entry of changed.values()) {
      this.#drop(entry.key)
      const bytes = bytesOf(entry)
      this.#kept.set(entry.key, { entry, revision: ++this.#revision, bytes, hold: holds.get(entry.key) })
      this.#bytes += bytes
      if (!entry.gone) this.#standing++
    }
    this.#forgetGone()
    return { board: this.id, after, revision: this.#revision, changed: [...changed.values()] }
  }

  /** What has changed since a place, the earliest change first, as far as it fits a page. */
  page(known: BoardPlace | undefined): BoardPage {
    const follows = known?.board === this.id && known.after <= this.#revision
    // Whoever reads the first pages cannot have missed what was forgotten meanwhile: their reading is of what was there.
    const whole = !follows || known.after < this.#floor
    const after = whole ? 0 : known.after
    const entries: BoardEntry[] = []
    let bytes = 0
    let revision = after
    for (const kept of this.#kept.values()) {
      if (kept.revision <= after) continue
      bytes += kept.bytes
      if (entries.length > 0 && (bytes > pageBytes || entries.length >= limits.boardBatch)) {
        return { board: this.id, revision, entries, more: true, whole }
      }
      entries.push(kept.entry)
      revision = kept.revision
    }
    return { board: this.id, revision: this.#revision, entries, more: false, whole }
  }

  /** Forgets everything. */
  close(): void {
    for (const key of [...this.#kept.keys()]) this.#drop(key)
  }

  /** The newest of the entries by key, without those that are older than what is there. */
  #newer(entries: readonly BoardEntry[]): Map<string, BoardEntry> {
    const changed = new Map<string, BoardEntry>()
    for (const entry of entries) {
      const before = this.#kept.get(entry.key)?.entry
      if (entry.version > (before?.version ?? 0) + limits.boardVersionStep) {
        throw new AppError('too-large', `The version of ${entry.key} is too far above the one before.`, {
          remedy: 'Count on from the version that is there.',
        })
      }
      if (wins(entry, before) && wins(entry, changed.get(entry.key))) changed.set(entry.key, entry)
    }
    return changed
  }

  #requireSpace(changed: ReadonlyMap<string, BoardEntry>, spare: number): void {
    let bytes = 0
    let count = 0
    for (const entry of changed.values()) {
      const before = this.#kept.get(entry.key)
      bytes += bytesOf(entry) - (before?.bytes ?? 0)
      count += Number(!entry.gone) - Number(before !== undefined && !before.entry.gone)
    }
    if (bytes > 0 && (this.#bytes + bytes > this.#caps.boardBytes || bytes > spare)) throw new AppError('board-full')
    if (count > 0 && count + this.#standing > this.#caps.boardEntries) throw new AppError('board-full')
  }

  #takeHolds(changed: ReadonlyMap<string, BoardEntry>, hold: HoldEntry): Map<string, { release(): void }> {
    const holds = new Map<string, { release(): void }>()
    for (const entry of changed.values()) {
      const held = hold(bytesOf(entry))
      if (!held) {
        for (const taken of holds.values()) taken.release()
        throw new AppError('board-full', 'There is too much on whiteboards from this address.')
      }
      holds.set(entry.key, held)
    }
    return holds
  }

  /** As many entries may be gone as may stand; the oldest beyond that are forgotten. */
  #forgetGone(): void {
    let excess = this.#kept.size - 2 * this.#caps.boardEntries
    for (const { entry, revision } of this.#kept.values()) {
      if (excess <= 0) return
      if (!entry.gone) continue
      this.#drop(entry.key)
      this.#floor = Math.max(this.#floor, revision)
      excess--
    }
  }

  #drop(key: string): void {
    const kept = this.#kept.get(key)
    if (!kept) return
    this.#kept.delete(key)
    this.#bytes -= kept.bytes
    if (!kept.entry.gone) this.#standing--
    kept.hold?.release()
  }
}

/** Roughly the bytes that an entry takes. */
export function bytesOf({ key, value }: BoardEntry): number {
  return aroundBytes + key.length + Buffer.byteLength(value)
}
