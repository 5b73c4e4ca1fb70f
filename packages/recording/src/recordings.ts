import { fileName } from './file-name.ts'
import { finishAll } from './finish/finishing.ts'
import { type Journal, type JournalFile, journalOf, journalPath, pathsOf, readJournal } from './storage/journal.ts'
import { OpfsStore } from './storage/opfs-store.ts'
import type { RecordingStore } from './storage/store.ts'
import { type RecordedFile, RecordingError, type SavedRecording } from './types.ts'

/** The recordings that are kept on this device, by this browser, for this site. */
export class Recordings {
  readonly #store: RecordingStore

  constructor(store: RecordingStore = new OpfsStore()) {
    this.#store = store
  }

  /** All of them, the newest first. Throws {@link RecordingError} `no-storage`. */
  async list(): Promise<readonly SavedRecording[]> {
    const [ids, held] = await Promise.all([this.#store.list(), this.#store.held()])
    const all = await Promise.all(ids.map(id => describe(this.#store, id, held.has(id))))
    return all.flatMap(each => each ?? []).sort((a, b) => b.startedAt - a.startedAt)
  }

  /** A file of a recording, on disk: it can be played, sent and saved without being read into memory. */
  file(id: string, path: string): Promise<File> {
    return this.#store.file(id, path)
  }

  /** @throws {RecordingError} `running` */
  async delete(id: string): Promise<void> {
    await this.#idle(id)
    await this.#store.remove(id)
  }

  /**
   * Makes what there is of an interrupted recording into files that play everywhere.
   * @param progress From 0 to 1.
   * @throws {RecordingError} `running`; `unreadable` if there is nothing; `disk-full`, `failed`, after which it can be tried again.
   */
  async recover(id: string, progress: (share: number) => void = () => {}): Promise<SavedRecording> {
    await this.#idle(id)
    const release = await this.#store.hold(id)
    try {
      const { journal } = await look(this.#store, id)
      const after = await finishAll(this.#store, id, journal, progress)
      if (after.files.length === 0) throw new RecordingError('unreadable')
      const saved = await describe(this.#store, id, false)
      if (!saved) throw new RecordingError('failed')
      return saved
    } finally {
      release()
    }
  }

  async #idle(id: string): Promise<void> {
    if ((await this.#store.held()).has(id)) throw new RecordingError('running')
  }
}

/** How a recording stands; undefined if it went while it was looked at. */
export async function describe(store: RecordingStore, id: string, held: boolean): Promise<SavedRecording | undefined> {
  const found = await look(store, id).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined
    throw error
  })
  if (!found) return undefined
  const { journal, sizes } = found
  const files = journal.files.map(file => fileOf(journal, file, sizes))
  const ends = files.map(({ startMs, durationMs = 0 }) => startMs + durationMs)
  return {
    id,
    room: journal.room,
    mode: journal.mode,
    startedAt: journal.startedAt,
    durationMs: journal.finished ? Math.max(0, ...ends) : journal.elapsedMs,
    state: held ? 'running' : journal.finished ? 'finished' : 'interrupted',
    bytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
    files,
  }
}

function fileOf(journal: Journal, file: JournalFile, sizes: ReadonlyMap<string, number>): RecordedFile {
  const { part, whole } = pathsOf(file)
  const path = file.durationMs === undefined ? part : whole
  const owner = file.track ? [file.track.name, file.track.source] : []
  return {
    path,
    mimeType: file.mimeType,
    name: fileName([journal.room, ...owner], new Date(journal.startedAt + file.startMs), file.kind),
    bytes: sizes.get(path) ?? 0,
    durationMs: file.durationMs,
    startMs: file.startMs,
    track: file.track,
  }
}

/** The journal, made anew from the files if it cannot be read, and how large each file is. */
async function look(store: RecordingStore, id: string) {
  const paths = await store.paths(id)
  const files = await Promise.all(paths.map(async path => [path, await store.file(id, path)] as const))
  const known = new Map(files)
  const written = known.get(journalPath)
  const oldest = Math.min(Date.now(), ...files.map(([, { lastModified }]) => lastModified))
  const journal = (written && readJournal(await written.text())) ?? journalOf(paths, oldest)
  return { journal, sizes: new Map(files.map(([path, { size }]) => [path, size])) }
}
