import type { FinishAnswer, FinishRequest } from '../finish/messages.ts'
import { isDiskFull, RecordingError, type RecordingErrorCode } from '../types.ts'
import { openFolder } from './folder.ts'
import type { FileWriter, RecordingStore } from './store.ts'
import type { StoreAnswer, StoreCall, StoreRequest } from './worker-messages.ts'

const lockPrefix = 'parley-recording '

/** Recordings in the origin's private file system (OPFS): on disk, and seen by nobody but this site. */
export class OpfsStore implements RecordingStore {
  #writer: WriterWorker | undefined

  async list(): Promise<readonly string[]> {
    const folder = await openFolder(undefined, false).catch(absent)
    if (!folder) return []
    const ids: string[] = []
    for await (const [name, { kind }] of folder.entries()) if (kind === 'directory') ids.push(name)
    return ids
  }

  async paths(id: string): Promise<readonly string[]> {
    const paths: string[] = []
    for await (const name of (await openFolder(id, false)).keys()) paths.push(name)
    return paths
  }

  async file(id: string, path: string): Promise<File> {
    const handle = await (await openFolder(id, false)).getFileHandle(path)
    return handle.getFile()
  }

  async write(id: string, path: string): Promise<FileWriter> {
    const worker = this.#worker()
    const file = (await worker.ask({ op: 'open', id, path })) ?? 0
    return {
      append: async bytes => void (await worker.ask({ op: 'append', file, bytes }, [bytes])),
      close: async () => void (await worker.ask({ op: 'close', file })),
    }
  }

  async note(id: string, path: string, text: string): Promise<void> {
    await this.#worker().ask({ op: 'note', id, path, text })
  }

  async remove(id: string, path?: string): Promise<void> {
    if (path === undefined) await (await openFolder(undefined, false)).removeEntry(id, { recursive: true })
    else await (await openFolder(id, false)).removeEntry(path)
  }

  finish(id: string, part: string, whole: string, progress: (share: number) => void): Promise<number> {
    const worker = new Worker(new URL('../finish/finish-worker.ts', import.meta.url), { type: 'module' })
    return new Promise<number>((resolve, reject) => {
      worker.onerror = ({ message }) => reject(new RecordingError('failed', { cause: new Error(message) }))
      worker.onmessage = ({ data }: MessageEvent<FinishAnswer>) => {
        if ('progress' in data) progress(data.progress)
        else if ('durationMs' in data) resolve(data.durationMs)
        else reject(asError(data.error))
      }
      worker.postMessage({ id, part, whole } satisfies FinishRequest)
    }).finally(() => worker.terminate())
  }

  async freeBytes(): Promise<number | undefined> {
    const { quota, usage } = await navigator.storage.estimate()
    return quota === undefined || usage === undefined ? undefined : quota - usage
  }

  hold(id: string): Promise<() => void> {
    return new Promise((resolve, reject) => {
      navigator.locks
        .request(lockPrefix + id, () => new Promise<void>(release => resolve(() => release())))
        .catch(reject)
    })
  }

  async held(): Promise<ReadonlySet<string>> {
    const { held = [] } = await navigator.locks.query()
    const names = held.flatMap(({ name }) => (name?.startsWith(lockPrefix) ? name.slice(lockPrefix.length) : []))
    return new Set(names)
  }

  /** Ends the worker that writes. What it was asked before has been written. */
  close(): void {
    this.#writer?.close()
    this.#writer = undefined
  }

  #worker(): WriterWorker {
    this.#writer ??= new WriterWorker()
    return this.#writer
  }
}

/** Asks the worker that writes, and hears its answers. */
class WriterWorker {
  readonly #worker = new Worker(new URL('./store-worker.ts', import.meta.url), { type: 'module' })
  readonly #waiting = new Map<number, { resolve(value: number | undefined): void; reject(error: unknown): void }>()
  #calls = 0

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<StoreAnswer>) => {
      const waiting = this.#waiting.get(data.call)
      this.#waiting.delete(data.call)
      if ('error' in data) waiting?.reject(asError(data.error))
      else waiting?.resolve(data.value)
    }
    this.#worker.onerror = ({ message }) => {
      const error = new RecordingError('failed', { cause: new Error(message) })
      for (const { reject } of this.#waiting.values()) reject(error)
      this.#waiting.clear()
    }
  }

  ask(request: StoreRequest, transfer: readonly Transferable[] = []): Promise<number | undefined> {
    const call = ++this.#calls
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject })
      this.#worker.postMessage({ ...request, call } satisfies StoreCall, [...transfer])
    })
  }

  close(): void {
    this.#worker.terminate()
    for (const { reject } of this.#waiting.values()) reject(new RecordingError('failed'))
  }
}

/** An error that came from a worker, where its class was lost. */
function asError({ name, message, code }: { name: string; message: string; code?: RecordingErrorCode }): Error {
  if (code) return new RecordingError(code, { cause: new Error(message) })
  const error = new DOMException(message, name)
  return isDiskFull(error) ? new RecordingError('disk-full', { cause: error }) : error
}

function absent(error: unknown): undefined {
  if (error instanceof DOMException && error.name === 'NotFoundError') return undefined
  throw error
}
