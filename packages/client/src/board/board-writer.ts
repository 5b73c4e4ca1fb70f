import type { BoardChange, BoardEntry as WireEntry } from '@parley/protocol'
import { limits } from '@parley/protocol/limits'
import type { Clock } from '../clock.ts'
import { ParleyError } from '../error.ts'
import type { RequestOptions } from '../signalling/ports.ts'
import { type BoardCipher, sealedChars } from './board-cipher.ts'
import type { BoardStore } from './board-store.ts'
import { Pace } from './pace.ts'
import type { BoardEntry } from './types.ts'

export interface BoardWriterOptions {
  readonly clock: Clock
  readonly store: BoardStore
  /** Undefined: nothing is encrypted. */
  readonly cipher: (() => Promise<BoardCipher>) | undefined
  /** How many others are in the room. */
  readonly others: () => number
  send(entries: WireEntry[], options: RequestOptions<'board.put'>): Promise<unknown>
  /** The server has taken some, as this change. */
  taken(change: BoardChange): void
  /** The server does not take what we put, or does again. */
  problem(error: ParleyError | undefined): void
  /** Less is unsent than before. */
  progress(): void
}

/** So many bytes in one request, unless one entry alone has more. */
const batchBytes = 96 * 1024
/** What one entry may have as it is sent; beside it there must be space for the rest of the message. */
const entryBytes = limits.messageBytes - 16 * 1024
const aroundBytes = 256
/** When something that was not taken is tried again, ms: soon where the server only had no time, late where there is no space. */
const soonMs = 1000
const lateMs = 10_000

/** Sends what the server has yet to be told of a board: in batches, at a bearable pace, until it has been taken. */
export class BoardWriter {
  readonly #options: BoardWriterOptions
  readonly #pace: Pace
  #connected = true
  #closed = false
  #busy = false
  /** One at a time, to find the one that is not taken. */
  #single = false
  /** Not taken for lack of space, until they are tried again. */
  readonly #refused = new Set<string>()
  #stopTimer: () => void = () => {}

  constructor(options: BoardWriterOptions) {
    this.#options = options
    this.#pace = new Pace(options.clock.now())
  }

  /** There may be something to send. */
  wake(): void {
    if (this.#busy || this.#closed || !this.#connected) return
    this.#busy = true
    this.#stopTimer()
    void this.#sendAll().finally(() => {
      this.#busy = false
    })
  }

  setConnected(connected: boolean): void {
    this.#connected = connected
    this.#refused.clear()
    if (connected) this.wake()
  }

  /** What was not taken before may be taken now. */
  retry(): void {
    this.#refused.clear()
    this.wake()
  }

  close(): void {
    this.#closed = true
    this.#stopTimer()
  }

  async #sendAll(): Promise<void> {
    const { clock, store, taken, problem, progress } = this.#options
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) {
      try {
        const sealed = await Promise.all(batch.map(entry => this.#seal(entry)))
        if (this.#closed || !this.#connected) return
        await this.#options.send(sealed, {
          urgent: true,
          onValue: change => {
            store.taken(batch)
            taken(change)
          },
        })
        if (this.#refused.size === 0) problem(undefined)
        progress()
        await this.#wait(this.#pace.sent(bytesOf(sealed), this.#options.others(), clock.now()))
      } catch (error) {
        if (!(error instanceof ParleyError)) throw error
        const again = this.#judge(error, batch)
        if (again === undefined) return
        await this.#wait(again)
      }
      if (this.#closed || !this.#connected) return
    }
    this.#single = false
    if (this.#refused.size > 0) this.#stopTimer = clock.after(lateMs, () => this.retry())
  }

  /** How long to wait before going on, ms; undefined: not before the connection is another. */
  #judge(error: ParleyError, batch: readonly BoardEntry[]): number | undefined {
    const { store, problem, progress } = this.#options
    switch (error.code) {
      case 'unreachable':
      case 'closed':
        return undefined
      case 'not-allowed':
        problem(error)
        return undefined
      case 'board-full':
      case 'bad-request':
      case 'too-large': {
        const [only, ...more] = batch
        if (more.length > 0) this.#single = true
        else if (only) {
          problem(error)
          if (error.code === 'board-full') this.#refused.add(only.key)
          else store.taken([only])
          progress()
        }
        return 0
      }
      default:
        return soonMs
    }
  }

  /** The entries of the next request. */
  #next(): BoardEntry[] {
    const batch: BoardEntry[] = []
    let bytes = 0
    for (const entry of this.#options.store.toSend()) {
      if (this.#refused.has(entry.key)) continue
      bytes += aroundBytes + sizeOf(entry, this.#options.cipher !== undefined)
      if (batch.length > 0 && (bytes > batchBytes || this.#single || batch.length >= limits.boardBatch)) break
      // What deletes makes space, and is not to be refused together with what needs some.
      if (batch[0]?.value === '' && entry.value !== '') break
      batch.push(entry)
    }
    return batch
  }

  async #seal(entry: BoardEntry): Promise<WireEntry> {
    const cipher = await this.#options.cipher?.()
    const value = cipher ? await cipher.seal(entry) : entry.value
    return { ...entry, value, ...(entry.value === '' && { gone: true as const }) }
  }

  #wait(ms: number): Promise<void> {
    return new Promise(resolve => {
      this.#stopTimer = this.#options.clock.after(ms, resolve)
    })
  }
}

/** Throws {@link ParleyError} `too-large` for an entry that cannot be sent. */
export function checkSize(entry: BoardEntry, encrypted: boolean): void {
  const chars = encrypted ? sealedChars(utf8(entry.value)) : entry.value.length
  if (chars <= limits.boardValueChars && sizeOf(entry, encrypted) <= entryBytes) return
  throw new ParleyError('too-large', 'This is too large for the whiteboard.', {
    remedy: 'Put something smaller on it, or the same in parts.',
  })
}

/** The bytes of a value as it is sent: JSON in UTF-8. */
function sizeOf({ value }: BoardEntry, encrypted: boolean): number {
  return encrypted ? sealedChars(utf8(value)) : utf8(JSON.stringify(value))
}

function utf8(text: string): number {
  return new TextEncoder().encode(text).length
}

function bytesOf(entries: readonly WireEntry[]): number {
  return entries.reduce((sum, entry) => sum + aroundBytes + entry.value.length, 0)
}
