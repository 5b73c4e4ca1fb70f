import { ParleyError } from '../error.ts'
import type { FileRecord, FileSink, FileSource, FileStore } from '../files/file-store.ts'
import { Hashed } from '../files/hashed.ts'

interface Kept {
  parts: Uint8Array<ArrayBuffer>[]
  size: number
}

/** What a device keeps, over any number of pages. */
export class FakeDisk {
  readonly records = new Map<string, FileRecord>()
  readonly files = new Map<string, Kept>()
  /** The room that is left, bytes. */
  free = Number.POSITIVE_INFINITY
}

/** Keeps files in memory, on a disk that outlives it. */
export class FakeStore implements FileStore {
  readonly #disk: FakeDisk

  constructor(disk = new FakeDisk()) {
    this.#disk = disk
  }

  async find(room: string, found: (record: FileRecord) => void): Promise<void> {
    for (const record of this.#disk.records.values()) if (record.room === room) found(record)
  }

  async keep(record: FileRecord): Promise<void> {
    this.#disk.records.set(record.key, record)
  }

  async forget(key: string): Promise<void> {
    this.#disk.records.delete(key)
    this.#disk.files.delete(key)
  }

  async sink(key: string): Promise<FileSink> {
    const disk = this.#disk
    const kept = disk.files.get(key) ?? { parts: [], size: 0 }
    disk.files.set(key, kept)
    return {
      get size() {
        return kept.size
      },
      async write(bytes) {
        if (bytes.byteLength > disk.free) throw new ParleyError('storage-full')
        disk.free -= bytes.byteLength
        kept.parts.push(new Uint8Array(bytes))
        kept.size += bytes.byteLength
        return kept.size
      },
      sha256: () => hashOf(new Blob(kept.parts)),
      async clear() {
        kept.parts = []
        kept.size = 0
      },
      async close() {},
    }
  }

  async source(content: File, offset: number): Promise<FileSource> {
    let at = offset
    return {
      async read() {
        if (at >= content.size) return undefined
        const block = await content.slice(at, at + 100_000).arrayBuffer()
        at += block.byteLength
        return block
      },
      sha256: () => hashOf(content),
      close() {},
    }
  }

  async open({ key, name, type }: Pick<FileRecord, 'key' | 'name' | 'type'>): Promise<File> {
    return new File(this.#disk.files.get(key)?.parts ?? [], name, { type })
  }

  async free(): Promise<number | undefined> {
    return Number.isFinite(this.#disk.free) ? this.#disk.free : undefined
  }

  close(): void {}
}

async function hashOf(content: Blob): Promise<string> {
  const read = async (at: number, bytes: number) => new Uint8Array(await content.slice(at, at + bytes).arrayBuffer())
  return new Hashed().finish(content.size, read)
}
