import type { EventPayload, RequestInput, BoardEntry as WireEntry } from '@parley/protocol'
import { limits } from '@parley/protocol/limits'
import type { Clock } from '../clock.ts'
import { EventSource } from '../emitter.ts'
import { ParleyError } from '../error.ts'
import type { Signalling } from '../signalling/ports.ts'
import type { Unsubscribe } from '../types.ts'
import { BoardCipher, isSealed } from './board-cipher.ts'
import { BoardReader } from './board-reader.ts'
import { BoardStore } from './board-store.ts'
import { BoardWriter, checkSize } from './board-writer.ts'
import type { Board, BoardEntry, BoardEvents, BoardState } from './types.ts'

export interface RoomBoardOptions {
  readonly room: string
  readonly clock: Clock
  readonly signalling: Signalling
  /** The secret of end-to-end encryption; undefined: nothing is encrypted. */
  readonly secret: string | undefined
  /** There is something on it already. */
  readonly used: boolean
  /** Our id in the room. */
  readonly self: () => string
  /** How many others are in the room. */
  readonly others: () => number
}

/** Cursors are sent ten times a second, and less often in large rooms, ms. */
const cursorMs = 100
const cursorMsPerOther = 12

/** The whiteboard of a room that we are in. */
export class RoomBoard implements Board {
  readonly #options: RoomBoardOptions
  readonly #events = new EventSource<BoardEvents>()
  readonly #store = new BoardStore()
  readonly #reader: BoardReader
  readonly #writer: BoardWriter
  readonly #cipher: (() => Promise<BoardCipher>) | undefined
  readonly #unreadable = new Set<string>()
  /** What has come is read one after the other, since decrypting takes time. */
  #work: Promise<void> = Promise.resolve()
  #opening: (() => void)[] = []
  #state: BoardState
  #cursor: string | undefined
  #sentCursor: string | undefined
  #stopCursor: Unsubscribe | undefined
  #ended = false

  constructor(options: RoomBoardOptions) {
    const { room, clock, signalling, secret, used } = options
    this.#options = options
    this.#state = { status: 'closed', unsent: 0, unreadable: 0, problem: undefined, used }
    let derived: Promise<BoardCipher> | undefined
    this.#cipher =
      secret === undefined
        ? undefined
        : () => {
            derived ??= BoardCipher.derive(secret, room)
            return derived
          }
    this.#reader = new BoardReader({
      clock,
      ask: (known, how) => signalling.request('board.follow', { room, ...(known && { known }) }, how),
      begin: () => this.#store.beginReading(),
      receive: entries => this.#then(() => this.#merge(entries)),
      whole: (listed, same) => this.#then(() => this.#reconcile(listed, same)),
      upToDate: () => this.#then(() => this.#opened()),
    })
    this.#writer = new BoardWriter({
      clock,
      store: this.#store,
      cipher: this.#cipher,
      others: options.others,
      send: (entries, how) => signalling.request('board.put', { room, entries }, how),
      taken: change => this.#reader.changed(change),
      problem: problem => this.#set({ problem }),
      progress: () => this.#count(),
    })
  }

  get state(): BoardState {
    return this.#state
  }

  get entries(): ReadonlyMap<string, BoardEntry> {
    return this.#store.entries
  }

  on<K extends keyof BoardEvents>(event: K, listener: (payload: BoardEvents[K]) => void): Unsubscribe {
    return this.#events.on(event, listener)
  }

  open(): Promise<void> {
    if (this.#ended || this.#state.status === 'open') return Promise.resolve()
    return new Promise(resolve => {
      this.#opening.push(resolve)
      if (this.#state.status === 'opening') return
      this.#set({ status: 'opening' })
      this.#reader.follow()
      this.#writer.retry()
    })
  }

  close(): void {
    if (this.#state.status === 'closed') return
    this.point(undefined)
    this.#sendCursor()
    this.#reader.unfollow()
    this.#set({ status: 'closed' })
    this.#finishOpening()
    // Without a connection nobody can be told; then what the server goes on sending is read as well as before.
    this.#options.signalling.request('board.unfollow', { room: this.#options.room }, { urgent: true }).catch(() => {})
  }

  put(entries: readonly BoardEntry[]): void {
    if (this.#ended) return
    for (const entry of entries) checkSize(entry, this.#cipher !== undefined)
    this.#store.put(entries)
    this.#count()
    if (entries.some(({ value }) => value !== '')) this.#set({ used: true })
    else this.#writer.retry()
    this.#writer.wake()
  }

  point(cursor: string | undefined): void {
    if (this.#state.status === 'closed') return
    this.#cursor = cursor
    if (this.#stopCursor || cursor === this.#sentCursor) return
    this.#sendCursor()
    const wait = Math.max(cursorMs, cursorMsPerOther * this.#options.others())
    this.#stopCursor = this.#options.clock.after(wait, () => {
      this.#stopCursor = undefined
      this.point(this.#cursor)
    })
  }

  /** Events of the server. */
  receive(change: EventPayload<'board'>): void {
    this.#reader.changed(change, change.entries)
  }

  receiveCursor({ from, cursor }: EventPayload<'board.cursor'>): void {
    if (this.#state.status !== 'closed') this.#then(() => this.#tellCursor(from, cursor))
  }

  receiveTouch({ from, how }: EventPayload<'board.touched'>): void {
    if (how === 'drew') this.#set({ used: true })
    this.#events.emit('touched', { from, how })
  }

  /** The connection is lost: what is put is kept. */
  suspend(): void {
    this.#reader.setConnected(false)
    this.#writer.setConnected(false)
    this.#sentCursor = undefined
  }

  /** The connection is back, and we are in the room. */
  resume(): void {
    if (this.#ended) return
    this.#reader.setConnected(true)
    this.#writer.setConnected(true)
  }

  /** We are no longer in the room. */
  end(): void {
    this.#ended = true
    this.#stopCursor?.()
    this.#reader.unfollow()
    this.#writer.close()
    this.#set({ status: 'closed' })
    this.#finishOpening()
  }

  #then(act: () => void | Promise<void>): void {
    this.#work = this.#work.then(act).catch((error: unknown) => reportError(error))
  }

  async #merge(entries: readonly WireEntry[]): Promise<void> {
    const read = await Promise.all(entries.map(entry => this.#read(entry)))
    if (this.#ended) return
    const changed = this.#store.merge(read.filter(entry => entry !== undefined))
    this.#count()
    this.#tell(changed)
  }

  async #read(entry: WireEntry): Promise<BoardEntry | undefined> {
    const { key, version, nonce } = entry
    const sealed = isSealed(entry.value)
    const value = this.#cipher ? await (await this.#cipher()).open(entry) : sealed ? undefined : entry.value
    if (value === undefined) this.#unreadable.add(key)
    else this.#unreadable.delete(key)
    return value === undefined ? undefined : { key, version, nonce, value }
  }

  #reconcile(listed: ReadonlyMap<string, WireEntry>, same: boolean): void {
    if (same) this.#tell(this.#store.reduceTo(listed))
    else this.#store.bringTo(listed)
    for (const key of this.#unreadable) if (!listed.has(key)) this.#unreadable.delete(key)
    this.#count()
    this.#writer.wake()
  }

  #tell(changed: readonly BoardEntry[]): void {
    if (changed.length === 0) return
    if (changed.some(({ value }) => value !== '')) this.#set({ used: true })
    this.#events.emit('changed', changed)
  }

  #opened(): void {
    if (this.#state.status === 'opening') this.#set({ status: 'open' })
    this.#finishOpening()
  }

  #finishOpening(): void {
    const waiting = this.#opening
    this.#opening = []
    for (const resolve of waiting) resolve()
  }

  async #tellCursor(from: string, sent: string): Promise<void> {
    if (sent === '') return this.#events.emit('cursor', { from, cursor: undefined })
    const cursor = this.#cipher ? await (await this.#cipher()).openCursor(sent, from) : sent
    if (cursor !== undefined && !isSealed(cursor)) this.#events.emit('cursor', { from, cursor })
  }

  #sendCursor(): void {
    const cursor = this.#cursor
    if (cursor === this.#sentCursor) return
    this.#sentCursor = cursor
    void this.#ask(cursor).catch(error => {
      // Who may not point, or is not connected, points at nothing: the next time is soon.
      if (!(error instanceof ParleyError)) reportError(error)
    })
  }

  async #ask(cursor: string | undefined): Promise<void> {
    const { room, self, signalling } = this.#options
    const sealed =
      cursor === undefined || !this.#cipher ? (cursor ?? '') : await (await this.#cipher()).sealCursor(cursor, self())
    if (sealed.length > limits.boardCursorChars) return
    const input: RequestInput<'board.point'> = { room, cursor: sealed }
    await signalling.request('board.point', input, { urgent: true })
  }

  #count(): void {
    this.#set({ unsent: this.#store.unsent, unreadable: this.#unreadable.size })
  }

  #set(patch: Partial<BoardState>): void {
    const before = this.#state
    const keys = Object.keys(patch) as (keyof BoardState)[]
    if (keys.every(key => before[key] === patch[key])) return
    this.#state = { ...before, ...patch }
    this.#events.emit('state', this.#state)
  }
}
