import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

const blockBytes = 1024 * 1024

/**
 * The SHA-256 of a file that is read or written in order. What went past before, by an earlier page, is read again at the end.
 */
export class Hashed {
  #hash = sha256.create()
  #until = 0

  /** These bytes of the file are here. Those that do not follow what is hashed already are read at the end. */
  pass(at: number, bytes: Uint8Array): void {
    if (at !== this.#until) return
    this.#hash.update(bytes)
    this.#until += bytes.byteLength
  }

  /** @param read Reads so many bytes from a place in the file. */
  async finish(size: number, read: (at: number, bytes: number) => Promise<Uint8Array> | Uint8Array): Promise<string> {
    while (this.#until < size) {
      const bytes = await read(this.#until, Math.min(blockBytes, size - this.#until))
      if (bytes.byteLength === 0) break
      this.pass(this.#until, bytes)
    }
    return bytesToHex(this.#hash.clone().digest())
  }

  reset(): void {
    this.#hash = sha256.create()
    this.#until = 0
  }
}
