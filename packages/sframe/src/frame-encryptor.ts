import type { CipherSuite } from './cipher-suite.ts'
import { FrameKey } from './frame-key.ts'
import { keyIdOf, type SenderKey } from './sender-key.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Encrypts all frames of one sender, whatever track they belong to: there is one counter for each key. */
export class FrameEncryptor {
  readonly #suite: CipherSuite
  #current: { readonly key: FrameKey; readonly keyId: bigint } | undefined
  #counter = 0n

  constructor(suite: CipherSuite) {
    this.#suite = suite
  }

  /** Uses this key from now on. One that is not newer than that in use changes nothing: its counters may have been used. */
  async setKey(senderKey: SenderKey): Promise<void> {
    const keyId = keyIdOf(senderKey)
    const key = await FrameKey.derive(this.#suite, senderKey.baseKey, keyId)
    if (this.#current && keyId <= this.#current.keyId) return
    this.#current = { key, keyId }
    this.#counter = 0n
  }

  /** @returns undefined while there is no key. */
  async seal(metadata: Bytes, frame: Bytes): Promise<Bytes | undefined> {
    return this.#current?.key.seal(this.#counter++, metadata, frame)
  }
}
