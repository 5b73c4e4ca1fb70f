import { type BoardEntry, type BoardPage, type BoardPlace, limits } from '@parley/protocol'
import type { Holdings } from '../holdings.ts'
import { Board, type BoardCaps, bytesOf, type Merged } from './board.ts'

export interface BoardsOptions {
  readonly caps: BoardCaps & {
    /** Bytes of all boards together. */
    readonly boardBytesTotal: number
  }
  readonly holdings: Holdings
  readonly newId: () => string
}

/** How often others are told that the same person draws, ms. */
const touchMs = 10_000

/**
 * The whiteboards of all rooms. When the last person has left a room, its board stays on a shelf for a while, so that
 * everybody may reload. Pure; `now` is in ms.
 */
export class Boards {
  readonly #options: BoardsOptions
  readonly #boards = new Map<string, Board>()
  /** Rooms without people, and until when their boards are kept; the first to go first. */
  readonly #shelf = new Map<string, number>()
  /** When others were last told that somebody draws, by session and room. */
  readonly #touched = new Map<string, number>()
  #bytes = 0

  constructor(options: BoardsOptions) {
    this.#options = options
  }

  /** Roughly the bytes of all boards. */
  get bytes(): number {
    return this.#bytes
  }

  /** Boards of rooms in which nobody is. */
  get shelved(): number {
    return this.#shelf.size
  }

  /** Whether there is anything on the board of a room. */
  isUsed(room: string): boolean {
    return this.#boards.get(room)?.used ?? false
  }

  page(room: string, known: BoardPlace | undefined): BoardPage {
    return this.#of(room).page(known)
  }

  /** Throws AppError as {@link Board.merge} does. @param source The address of whoever puts them. */
  put(room: string, source: string, entries: readonly BoardEntry[]): Merged {
    const { caps, holdings } = this.#options
    const needed = entries.reduce((sum, entry) => sum + bytesOf(entry), 0)
    // Boards in use come before those that nobody may come back for.
    for (const shelved of this.#shelf.keys()) {
      if (this.#bytes + needed <= caps.boardBytesTotal) break
      this.drop(shelved)
    }
    const board = this.#of(room)
    const before = board.bytes
    const hold = (bytes: number) => holdings.take(source, 'boardBytes', bytes)
    const merged = board.merge(entries, caps.boardBytesTotal - this.#bytes, hold)
    this.#bytes += board.bytes - before
    return merged
  }

  /** Whether it is time to tell others that somebody draws. */
  touch(room: string, session: string, now: number): boolean {
    const key = `${room} ${session}`
    if (now - (this.#touched.get(key) ?? Number.NEGATIVE_INFINITY) < touchMs) return false
    this.#touched.set(key, now)
    return true
  }

  /** The first has come to a room: its board is in use again. */
  take(room: string): void {
    this.#shelf.delete(room)
  }

  /** The last has left a room. */
  shelve(room: string, now: number): void {
    const board = this.#boards.get(room)
    if (!board) return
    if (board.used) this.#shelf.set(room, now + limits.boardShelfMs)
    else this.drop(room)
  }

  /** Forgets the board of a room. */
  drop(room: string): void {
    this.#shelf.delete(room)
    const board = this.#boards.get(room)
    if (!board) return
    this.#bytes -= board.bytes
    this.#boards.delete(room)
    board.close()
  }

  /** Clears what has been on the shelf for too long; call it every few seconds. */
  sweep(now: number): void {
    for (const [room, until] of this.#shelf) if (until <= now) this.drop(room)
    for (const [key, at] of this.#touched) if (now - at >= touchMs) this.#touched.delete(key)
  }

  #of(room: string): Board {
    const board = this.#boards.get(room) ?? new Board(this.#options.newId(), this.#options.caps)
    this.#boards.set(room, board)
    return board
  }
}
