import { Hashed } from './hashed.ts'
import { MemoryHandle, type SyncHandle } from './memory-handle.ts'
import { StoreFailure } from './store-failure.ts'

const folderName = 'parley-files'

interface Sink {
  readonly handle: SyncHandle
  readonly hashed: Hashed
  size: number
}

/** What is received, as files of the origin private file system, by the keys of their records. In a worker. */
export class FileSinks {
  readonly #open = new Map<string, Sink>()
  /** Where there is no such file system, as in a private window. */
  readonly #memory = new Map<string, MemoryHandle>()

  async open(key: string): Promise<number> {
    const known = this.#open.get(key)
    if (known) return known.size
    const handle = this.#memory.get(key) ?? (await this.#handle(key))
    const size = handle.getSize()
    this.#open.set(key, { handle, hashed: new Hashed(), size })
    return size
  }

  async write(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const sink = this.#sink(key)
    const { handle, hashed, size } = sink
    let written = 0
    while (written < bytes.byteLength) {
      const more = handle.write(bytes.subarray(written), { at: size + written })
      if (more === 0) throw new StoreFailure('storage-full', 'The disk takes no more.')
      written += more
    }
    hashed.pass(size, bytes)
    sink.size = size + written
    return sink.size
  }

  async sha256(key: string): Promise<string> {
    const { handle, hashed, size } = this.#sink(key)
    handle.flush()
    return hashed.finish(size, (at, count) => {
      const bytes = new Uint8Array(count)
      return bytes.subarray(0, handle.read(bytes, { at }))
    })
  }

  async clear(key: string): Promise<void> {
    const sink = this.#sink(key)
    sink.handle.truncate(0)
    sink.hashed.reset()
    sink.size = 0
  }

  async close(key: string): Promise<void> {
    const sink = this.#open.get(key)
    this.#open.delete(key)
    sink?.handle.flush()
    sink?.handle.close()
  }

  async content(key: string): Promise<Blob> {
    await this.close(key)
    return this.#memory.get(key)?.content() ?? (await (await folder()).getFileHandle(key)).getFile()
  }

  async remove(key: string): Promise<void> {
    await this.close(key)
    if (this.#memory.delete(key)) return
    try {
      await (await folder()).removeEntry(key)
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error
    }
  }

  async list(): Promise<readonly string[]> {
    const names: string[] = []
    for await (const name of (await folder()).keys()) names.push(name)
    return names
  }

  async #handle(key: string): Promise<SyncHandle> {
    let file: FileSystemFileHandle
    try {
      file = await (await folder()).getFileHandle(key, { create: true })
    } catch (error) {
      console.debug('parley: files are kept in memory, since this browser keeps none on disk', error)
      const handle = new MemoryHandle()
      this.#memory.set(key, handle)
      return handle
    }
    return file.createSyncAccessHandle()
  }

  #sink(key: string): Sink {
    const sink = this.#open.get(key)
    if (!sink) throw new StoreFailure('storage-unavailable', 'The file is not open.')
    return sink
  }
}

async function folder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory()
  return root.getDirectoryHandle(folderName, { create: true })
}
