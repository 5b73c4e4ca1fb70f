import { StoreFailure } from './store-failure.ts'

/** What is used of a FileSystemSyncAccessHandle, which only workers have (https://fs.spec.whatwg.org). */
export interface SyncHandle {
  getSize(): number
  read(target: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number
  write(bytes: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number
  truncate(size: number): void
  flush(): void
  close(): void
}

declare global {
  interface FileSystemFileHandle {
    createSyncAccessHandle(): Promise<SyncHandle>
  }
}

/** More than this in memory would rather lose the meeting than the file. */
const mostBytes = 256 * 1024 * 1024

/** A file in memory, written in order. */
export class MemoryHandle implements SyncHandle {
  #parts: Uint8Array<ArrayBuffer>[] = []
  #size = 0

  getSize(): number {
    return this.#size
  }

  write(bytes: Uint8Array<ArrayBuffer>): number {
    const part = bytes.slice()
    if (this.#size + part.byteLength > mostBytes) {
      throw new StoreFailure('storage-full', 'This window keeps files in memory, and only small ones.')
    }
    this.#parts.push(part)
    this.#size += part.byteLength
    return part.byteLength
  }

  read(to: Uint8Array<ArrayBuffer>, { at }: { readonly at: number }): number {
    let read = 0
    let start = 0
    for (const part of this.#parts) {
      const from = at + read - start
      if (from < part.byteLength && read < to.byteLength) {
        const piece = part.subarray(from, from + to.byteLength - read)
        to.set(piece, read)
        read += piece.byteLength
      }
      start += part.byteLength
    }
    return read
  }

  truncate(): void {
    this.#parts = []
    this.#size = 0
  }

  flush(): void {}

  close(): void {}

  content(): Blob {
    return new Blob(this.#parts)
  }
}
