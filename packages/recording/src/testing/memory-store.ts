import type { FileWriter, RecordingStore } from '../storage/store.ts'

/** Recordings in memory, with a disk that can be made full. */
export class MemoryStore implements RecordingStore {
  readonly folders = new Map<string, Map<string, Blob>>()
  readonly holding = new Set<string>()
  /** What the browser says is free. */
  free: number | undefined = 1e9
  /** Whether writing fails for want of space, whatever the browser says. */
  full = false
  /** What finishing a file does; by default it is 1 ms for each byte long. */
  finishing: (part: Blob) => number = ({ size }) => size

  async list() {
    return [...this.folders.keys()]
  }

  async paths(id: string) {
    return [...this.#folder(id).keys()]
  }

  async file(id: string, path: string) {
    const blob = this.#folder(id).get(path)
    if (!blob) throw new DOMException(path, 'NotFoundError')
    return new File([blob], path, { lastModified: 5 })
  }

  async write(id: string, path: string): Promise<FileWriter> {
    this.#put(id, path, new Blob())
    return {
      append: async bytes => {
        if (this.full) throw new DOMException('No space.', 'QuotaExceededError')
        this.#put(id, path, new Blob([await this.file(id, path), bytes]))
      },
      close: async () => {},
    }
  }

  async note(id: string, path: string, text: string) {
    this.#put(id, path, new Blob([text]))
  }

  async remove(id: string, path?: string) {
    if (path === undefined) this.folders.delete(id)
    else if (!this.#folder(id).delete(path)) throw new DOMException(path, 'NotFoundError')
  }

  async finish(id: string, part: string, whole: string, progress: (share: number) => void) {
    const file = await this.file(id, part)
    progress(0.5)
    this.#put(id, whole, new Blob(['half']))
    const durationMs = this.finishing(file)
    this.#put(id, whole, file)
    return durationMs
  }

  async freeBytes() {
    return this.free
  }

  async hold(id: string) {
    this.holding.add(id)
    return () => void this.holding.delete(id)
  }

  async held() {
    return this.holding
  }

  #folder(id: string): Map<string, Blob> {
    const folder = this.folders.get(id)
    if (!folder) throw new DOMException(id, 'NotFoundError')
    return folder
  }

  #put(id: string, path: string, blob: Blob): void {
    this.folders.set(id, (this.folders.get(id) ?? new Map()).set(path, blob))
  }
}
