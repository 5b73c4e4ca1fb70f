import type { BoardChange, BoardPage, BoardPlace, BoardEntry as WireEntry } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import { ParleyError } from '../error.ts'
import type { RequestOptions } from '../signalling/ports.ts'

export interface BoardReaderOptions {
  readonly clock: Clock
  ask(known: BoardPlace | undefined, options: RequestOptions<'board.follow'>): Promise<unknown>
  /** The board is read, perhaps from its beginning. */
  begin(): void
  /** Entries have come, in the order in which the server tells of them. */
  receive(entries: readonly WireEntry[]): void
  /**
   * The board has been read from its beginning, and lists these. `same`: it is the board that we knew, so what it does not list is
   * gone; otherwise it is another one, which may lack what we have.
   */
  whole(listed: ReadonlyMap<string, WireEntry>, same: boolean): void
  /** Everything that is on the board has been received. */
  upToDate(): void
}

const againMs = 1000

/** Reads a board, and notices when something was missed: then it is read again from where it is known. */
export class BoardReader {
  readonly #options: BoardReaderOptions
  #known: BoardPlace | undefined
  #following = false
  #connected = true
  /** What the board lists, while it is read from its beginning. */
  #listed: { readonly entries: Map<string, WireEntry>; readonly same: boolean } | undefined
  /** The number of the reading that counts. */
  #reading = 0
  #busy = false

  constructor(options: BoardReaderOptions) {
    this.#options = options
  }

  follow(): void {
    this.#following = true
    this.#read()
  }

  unfollow(): void {
    this.#following = false
    this.#reading++
    this.#busy = false
  }

  /** After a lost connection something may have been missed. */
  setConnected(connected: boolean): void {
    this.#connected = connected
    this.#reading++
    this.#busy = false
    if (connected) this.#read()
  }

  /** The server tells of a change: others', or ours that it has taken. */
  changed({ board, after, revision }: BoardChange, entries: readonly WireEntry[] = []): void {
    if (entries.length > 0) this.#options.receive(entries)
    if (!this.#following || this.#busy) return
    const known = this.#known
    if (known?.board === board && after <= known.after) {
      this.#known = { board, after: Math.max(known.after, revision) }
    } else this.#read()
  }

  #read(): void {
    if (!this.#following || !this.#connected || this.#busy) return
    this.#busy = true
    this.#listed = undefined
    const reading = ++this.#reading
    this.#options.begin()
    const page = (page: BoardPage) => {
      if (reading === this.#reading) this.#take(page)
    }
    void this.#readPages(reading, page)
  }

  async #readPages(reading: number, onValue: (page: BoardPage) => void): Promise<void> {
    const { clock, ask } = this.#options
    while (reading === this.#reading && this.#busy) {
      try {
        await ask(this.#known, { urgent: true, onValue })
      } catch (error) {
        if (!(error instanceof ParleyError)) throw error
        if (error.code === 'closed' || reading !== this.#reading) return
        // If the connection was lost, the next one begins anew, and makes this reading void.
        await new Promise<void>(resolve => clock.after(againMs, resolve))
      }
    }
  }

  #take({ board, revision, entries, more, whole }: BoardPage): void {
    const { receive, upToDate } = this.#options
    if (whole) this.#listed = { entries: new Map(), same: this.#known?.board === board }
    for (const entry of entries) this.#listed?.entries.set(entry.key, entry)
    this.#known = { board, after: revision }
    if (entries.length > 0) receive(entries)
    if (more) return
    const listed = this.#listed
    this.#listed = undefined
    this.#busy = false
    if (listed) this.#options.whole(listed.entries, listed.same)
    upToDate()
  }
}
