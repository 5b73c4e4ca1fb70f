import { type Aead, concat } from './aead.ts'
import type { CipherSuite } from './cipher-suite.ts'
import { decodeHeader, encodeHeader } from './header.ts'

type Bytes = Uint8Array<ArrayBuffer>

const nonceSize = 12
const text = new TextEncoder()

/** What encrypts or decrypts frames: the cipher and salt that belong to one base key and its id. */
export class FrameKey {
  readonly #keyId: bigint
  readonly #aead: Aead
  readonly #salt: Bytes

  private constructor(keyId: bigint, aead: Aead, salt: Bytes) {
    this.#keyId = keyId
    this.#aead = aead
    this.#salt = salt
  }

  /** Derives cipher and salt (RFC 9605 §4.4.2). */
  static async derive(suite: CipherSuite, baseKey: Bytes, keyId: bigint): Promise<FrameKey> {
    const ids = new DataView(new ArrayBuffer(10))
    ids.setBigUint64(0, keyId)
    ids.setUint16(8, suite.id)
    const label = (what: string) => concat(text.encode(`SFrame 1.0 Secret ${what} `), new Uint8Array(ids.buffer))
    const key = await expand(suite, baseKey, label('key'), suite.keySize)
    const salt = await expand(suite, baseKey, label('salt'), nonceSize)
    return new FrameKey(keyId, await suite.aead(key), salt)
  }

  /**
   * Encrypts a frame (§4.4.3).
   * @param counter Never the same twice.
   * @param metadata Authenticated, but not sent: the receiver has to know it.
   * @returns The SFrame ciphertext, with its header.
   */
  async seal(counter: bigint, metadata: Bytes, frame: Bytes): Promise<Bytes> {
    const header = encodeHeader(this.#keyId, counter)
    return concat(header, await this.#aead.seal(this.#nonce(counter), concat(header, metadata), frame))
  }

  /** Decrypts what {@link seal} made (§4.4.4); undefined if it is not authentic, or made with a key of another id. */
  async open(metadata: Bytes, sealed: Bytes): Promise<Bytes | undefined> {
    const header = decodeHeader(sealed)
    if (header?.keyId !== this.#keyId) return undefined
    const additional = concat(sealed.subarray(0, header.length), metadata)
    return this.#aead.open(this.#nonce(header.counter), additional, sealed.slice(header.length))
  }

  #nonce(counter: bigint): Bytes {
    const nonce = this.#salt.slice()
    for (let at = nonceSize - 1, rest = counter; rest > 0n; at--, rest >>= 8n) {
      nonce[at] = (nonce[at] ?? 0) ^ Number(rest & 0xffn)
    }
    return nonce
  }
}

/** The base key of the next step of a ratchet: from it, nobody can find the one before (RFC 9605 §5.1). */
export function ratchet(suite: CipherSuite, baseKey: Bytes): Promise<Bytes> {
  return expand(suite, baseKey, text.encode('SFrame 1.0 Ratchet'), suite.hashSize)
}

/** HKDF (RFC 5869) with an empty salt. */
async function expand({ hash }: CipherSuite, baseKey: Bytes, info: Bytes, size: number): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', baseKey, 'HKDF', false, ['deriveBits'])
  const salt = new Uint8Array(0)
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash, salt, info }, key, size * 8))
}
