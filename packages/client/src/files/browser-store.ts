import { ParleyError } from '../error.ts'
import type { FileRecord, FileSink, FileSource, FileStore } from './file-store.ts'
import type { StoreAnswer, StoreCall, StoreCalls } from './store-messages.ts'

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** Keeps files on this device, by a worker that starts when it is first needed. */
export class BrowserStore implements FileStore {
  readonly #make: () => Worker
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #found: ((record: FileRecord) => void) | undefined
  #ids = 0

  /** @param make Makes the worker of `file-worker.ts`. */
  constructor(make: () => Worker) {
    this.#make = make
  }

  async find(room: string, found: (record: FileRecord) => void, signal: AbortSignal): Promise<void> {
    this.#found = record => signal.aborted || found(record)
    await this.#call('find', room)
  }

  async keep(record: FileRecord): Promise<void> {
    await this.#call('keep', record)
  }

  async forget(key: string): Promise<void> {
    await this.#call('forget', key)
  }

  async sink(key: string): Promise<FileSink> {
    let size = await this.#call('openSink', key)
    const call = this.#call.bind(this)
    return {
      get size() {
        return size
      },
      async write(bytes) {
        size = await call('write', key, bytes)
        return size
      },
      sha256: () => call('sinkHash', key),
      async clear() {
        await call('clear', key)
        size = 0
      },
      async close() {
        await call('closeSink', key)
      },
    }
  }

  async source(content: File, offset: number): Promise<FileSource> {
    const source = ++this.#ids
    await this.#call('openSource', source, content, offset)
    const read = () => {
      const block = this.#call('read', source)
      block.catch(() => {}) // Whoever reads it is told.
      return block
    }
    // The next block is read while this one is sent.
    let next = read()
    return {
      async read() {
        const block = await next
        if (block) next = read()
        return block
      },
      sha256: () => this.#call('sourceHash', source),
      close: () => void this.#call('closeSource', source).catch(() => {}), // Then it is closed with its worker.
    }
  }

  async open({ key, name, type }: Pick<FileRecord, 'key' | 'name' | 'type'>): Promise<File> {
    const content = await this.#call('content', key)
    return new File([content], name, { type })
  }

  async free(): Promise<number | undefined> {
    const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {}
    return quota === undefined || usage === undefined ? undefined : Math.max(0, quota - usage)
  }

  close(): void {
    this.#worker?.terminate()
    this.#worker = undefined
    for (const { reject } of this.#waiting.values()) reject(new ParleyError('closed'))
    this.#waiting.clear()
  }

  #call<K extends keyof StoreCalls>(
    call: K,
    ...args: Parameters<StoreCalls[K]>
  ): Promise<Awaited<ReturnType<StoreCalls[K]>>> {
    this.#worker ??= this.#start()
    const id = ++this.#ids
    const transfer = args.filter(arg => arg instanceof ArrayBuffer)
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      this.#worker?.postMessage({ id, call, args } as StoreCall, transfer)
    })
  }

  #start(): Worker {
    const worker = this.#make()
    worker.onmessage = ({ data }: MessageEvent<StoreAnswer>) => {
      if ('found' in data) return this.#found?.(data.found)
      const waiting = this.#waiting.get(data.id)
      this.#waiting.delete(data.id)
      if ('code' in data) waiting?.reject(new ParleyError(data.code, undefined, { cause: new Error(data.message) }))
      else waiting?.resolve(data.value)
    }
    worker.onerror = ({ message }) => {
      worker.terminate()
      this.#worker = undefined
      const error = new ParleyError('storage-unavailable', undefined, { cause: new Error(message) })
      for (const { reject } of this.#waiting.values()) reject(error)
      this.#waiting.clear()
    }
    return worker
  }
}
