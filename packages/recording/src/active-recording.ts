import type { Room, Unsubscribe } from '@parley/client'
import type { Capture, CaptureHost } from './capture/capture.ts'
import type { Format } from './capture/formats.ts'
import { Events } from './events.ts'
import { finishAll } from './finish/finishing.ts'
import { describe } from './recordings.ts'
import { type Journal, journalPath, pathsOf, writeJournal } from './storage/journal.ts'
import type { FileWriter, RecordingStore } from './storage/store.ts'
import {
  isDiskFull,
  type LocalRecording,
  type LocalRecordingEvents,
  type LocalRecordingState,
  type RecordedTrack,
  type RecordingEnd,
  RecordingError,
  type RecordingMode,
  type SavedRecording,
} from './types.ts'

/** What must stay free beside the space that finishing takes, which is once more what was recorded. */
const spareBytes = 16 * 2 ** 20
/** How often the journal is written and the free space looked at, while bytes come. */
const checkMs = 5000

export interface ActiveRecordingOptions {
  readonly id: string
  readonly room: Room
  readonly mode: RecordingMode
  readonly store: RecordingStore
  readonly capture: (host: CaptureHost) => Capture
  /** ms, steady. */
  readonly now: () => number
  /** This device's clock, ms since 1970. */
  readonly startedAt: number
}

/** A recording from its first byte to its finished files. */
export class ActiveRecording implements LocalRecording {
  readonly id: string
  readonly mode: RecordingMode
  readonly #options: ActiveRecordingOptions
  readonly #events = new Events<LocalRecordingEvents>()
  readonly #capture: Capture
  #state: LocalRecordingState = { status: 'recording' }
  #journal: Journal
  #noting: Promise<void> = Promise.resolve()
  #bytes = 0
  #began: number
  #stoppedAt: number | undefined
  #checkedAt: number
  #files = 0
  #release: () => void = () => {}
  #stopListening: Unsubscribe = () => {}
  #ending: Promise<SavedRecording | undefined> | undefined

  constructor(options: ActiveRecordingOptions) {
    const { id, room, mode, startedAt, capture, now } = options
    this.id = id
    this.mode = mode
    this.#options = options
    this.#began = now()
    this.#checkedAt = now()
    this.#journal = { version: 1, room: room.name, mode, startedAt, elapsedMs: 0, finished: false, files: [] }
    this.#capture = capture({
      openFile: (format, track) => this.#openFile(format, track),
      wrote: bytes => this.#wrote(bytes),
      failed: error => this.#failed(error),
    })
  }

  get state(): LocalRecordingState {
    return this.#state
  }

  get elapsedMs(): number {
    return Math.max(0, (this.#stoppedAt ?? this.#options.now()) - this.#began)
  }

  get bytes(): number {
    return this.#bytes
  }

  on<K extends keyof LocalRecordingEvents>(
    event: K,
    listener: (payload: LocalRecordingEvents[K]) => void,
  ): Unsubscribe {
    return this.#events.on(event, listener)
  }

  /**
   * Everybody is told before the first picture is taken. If it fails, nothing is left behind.
   * @throws {RecordingError} `no-storage`, `disk-full`, `unsupported`, `failed`; and the ClientError of telling the others.
   */
  async start(): Promise<void> {
    const { store, room, id, now } = this.#options
    this.#release = await store.hold(id)
    try {
      await this.#requireSpace()
      await this.#note()
      await room.setRecording(true)
      this.#began = now()
      await this.#capture.start()
    } catch (error) {
      await this.#abandon()
      throw error
    }
    this.#stopListening = room.on('ended', () => void this.#end('left'))
    if (room.state.status.status === 'ended') void this.#end('left')
  }

  stop(): Promise<SavedRecording | undefined> {
    return this.#end('stopped')
  }

  async #openFile(format: Format, track?: RecordedTrack): Promise<FileWriter> {
    const { store, id } = this.#options
    const { kind, mimeType } = format
    const file = { number: this.#files++, kind, mimeType, startMs: Math.round(this.elapsedMs), ...(track && { track }) }
    const writer = await store.write(id, pathsOf(file).part)
    this.#journal = { ...this.#journal, files: [...this.#journal.files, file] }
    await this.#note()
    return writer
  }

  #wrote(bytes: number): void {
    this.#bytes += bytes
    this.#events.emit('bytes', this.#bytes)
    const now = this.#options.now()
    if (now - this.#checkedAt < checkMs) return
    this.#checkedAt = now
    this.#note()
      .then(() => this.#requireSpace())
      .catch((error: unknown) => this.#failed(error))
  }

  #failed(error: unknown): void {
    if (this.#ending) return
    console.warn('The recording stops:', error)
    void this.#end(isDiskFull(error) ? 'disk-full' : 'failed')
  }

  #end(end: RecordingEnd): Promise<SavedRecording | undefined> {
    this.#ending ??= this.#finish(end)
    return this.#ending
  }

  /** Never rejects: what cannot be finished now is interrupted, and can be recovered. */
  async #finish(end: RecordingEnd): Promise<SavedRecording | undefined> {
    const { store, id, now } = this.#options
    this.#stopListening()
    this.#stoppedAt = now()
    const finishing = (progress: number) => this.#setState({ status: 'finishing', end, progress })
    finishing(0)
    await this.#capture.stop()
    await this.#tell(false)
    const saved = await this.#save(finishing).catch((error: unknown) => {
      console.warn('The recording is not finished; it can be recovered:', error)
      return describe(store, id, false).catch(() => undefined)
    })
    this.#release()
    this.#setState({ status: 'ended', end, saved })
    return saved
  }

  async #save(progress: (share: number) => void): Promise<SavedRecording | undefined> {
    const { store, id } = this.#options
    await this.#noting
    this.#journal = { ...this.#journal, elapsedMs: Math.round(this.elapsedMs) }
    this.#journal = await finishAll(store, id, this.#journal, progress)
    if (this.#journal.files.length > 0) return describe(store, id, false)
    await store.remove(id)
    return undefined
  }

  async #abandon(): Promise<void> {
    const { store, id } = this.#options
    this.#ending = Promise.resolve(undefined)
    await this.#capture.stop()
    await this.#tell(false)
    await store.remove(id).catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === 'NotFoundError')) console.warn(error)
    })
    this.#release()
  }

  /** Whoever is not in the room any more has nobody to tell. */
  async #tell(recording: boolean): Promise<void> {
    const { room } = this.#options
    if (room.state.status.status === 'ended') return
    if (room.state.self.recording === undefined) return
    const told = room.setRecording(recording).catch((error: unknown) => console.warn('Nobody was told:', error))
    // Without a connection it is told once there is one again, which the files do not wait for.
    if (room.state.status.status === 'connected') await told
  }

  /** @throws {RecordingError} `disk-full` */
  async #requireSpace(): Promise<void> {
    const free = await this.#options.store.freeBytes()
    if (free !== undefined && free < this.#bytes + spareBytes) throw new RecordingError('disk-full')
  }

  #note(): Promise<void> {
    const { store, id } = this.#options
    const write = () => {
      this.#journal = { ...this.#journal, elapsedMs: Math.round(this.elapsedMs) }
      return store.note(id, journalPath, writeJournal(this.#journal))
    }
    const noted = this.#noting.then(write)
    this.#noting = noted.catch(() => {}) // Whoever asked for it hears of it; the next one is tried all the same.
    return noted
  }

  #setState(state: LocalRecordingState): void {
    this.#state = state
    this.#events.emit('state', state)
  }
}
