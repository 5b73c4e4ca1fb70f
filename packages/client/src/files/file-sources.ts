import { Hashed } from './hashed.ts'
import { StoreFailure } from './store-failure.ts'

const blockBytes = 1024 * 1024

interface Source {
  readonly content: Blob
  readonly hashed: Hashed
  at: number
}

/** Files that are sent, read block by block. */
export class FileSources {
  readonly #open = new Map<number, Source>()

  open(source: number, content: Blob, offset: number): void {
    this.#open.set(source, { content, hashed: new Hashed(), at: offset })
  }

  async read(source: number): Promise<ArrayBuffer | undefined> {
    const open = this.#source(source)
    const { content, hashed, at } = open
    if (at >= content.size) return undefined
    const block = await content.slice(at, at + blockBytes).arrayBuffer()
    hashed.pass(at, new Uint8Array(block))
    open.at = at + block.byteLength
    return block
  }

  async sha256(source: number): Promise<string> {
    const { content, hashed } = this.#source(source)
    return hashed.finish(
      content.size,
      async (at, count) => new Uint8Array(await content.slice(at, at + count).arrayBuffer()),
    )
  }

  close(source: number): void {
    this.#open.delete(source)
  }

  #source(source: number): Source {
    const open = this.#open.get(source)
    if (!open) throw new StoreFailure('file-unreadable', 'The file is not open.')
    return open
  }
}
