import type { SenderKey } from '@parley/sframe'
import { fromBase64Url, toBase64Url } from './base64url.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A participant's key as it is sent to others. */
export interface KeyMessage extends SenderKey {
  /** When the participant began to make keys, ms since 1970: after a reload, keys count from the beginning again. */
  readonly incarnation: number
}

/**
 * Version 1, integers in network byte order: version (1), incarnation (6), generation (4), step (1), nonce (12), then the base
 * key in AES-GCM. All before the nonce is authenticated, and so are the room and the participant whose key it is.
 */
const layout = { version: 1, incarnation: 1, generation: 7, step: 11, nonce: 12, key: 24 } as const
/** A base key, as it was made or as the ratchet leaves it, with its tag. */
const sealedSizes: readonly number[] = [16 + 16, 32 + 16]

/** What wraps the keys of a room: derived (HKDF) from the secret that its participants share, and from its name. */
export class KeyWrapping {
  readonly #key: CryptoKey
  readonly #room: string

  private constructor(key: CryptoKey, room: string) {
    this.#key = key
    this.#room = room
  }

  static async derive(secret: string, room: string): Promise<KeyWrapping> {
    const text = new TextEncoder()
    const material = await crypto.subtle.importKey('raw', text.encode(secret), 'HKDF', false, ['deriveKey'])
    const info = text.encode(`Parley 1.0 key wrapping ${room}`)
    const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info }
    const aes = { name: 'AES-GCM', length: 256 }
    return new KeyWrapping(await crypto.subtle.deriveKey(hkdf, material, aes, false, ['encrypt', 'decrypt']), room)
  }

  /** @returns base64url. */
  async wrap(participant: string, { incarnation, generation, step, baseKey }: KeyMessage): Promise<string> {
    const header = new DataView(new ArrayBuffer(layout.nonce))
    header.setUint8(0, layout.version)
    header.setUint16(layout.incarnation, Math.floor(incarnation / 2 ** 32))
    header.setUint32(layout.incarnation + 2, incarnation % 2 ** 32)
    header.setUint32(layout.generation, generation)
    header.setUint8(layout.step, step)
    const head = new Uint8Array(header.buffer)
    const iv = crypto.getRandomValues(new Uint8Array(layout.key - layout.nonce))
    const sealed = await crypto.subtle.encrypt(this.#cipher(iv, head, participant), this.#key, baseKey)
    return toBase64Url([...head, ...iv, ...new Uint8Array(sealed)])
  }

  /** @returns `malformed` for what is no such message, `wrong-secret` if it was wrapped with another secret, or for another participant. */
  async unwrap(participant: string, message: string): Promise<KeyMessage | 'malformed' | 'wrong-secret'> {
    const bytes = fromBase64Url(message)
    if (bytes?.[0] !== layout.version || !sealedSizes.includes(bytes.length - layout.key)) return 'malformed'
    const head = bytes.slice(0, layout.nonce)
    const view = new DataView(head.buffer)
    try {
      const cipher = this.#cipher(bytes.slice(layout.nonce, layout.key), head, participant)
      const baseKey = new Uint8Array(await crypto.subtle.decrypt(cipher, this.#key, bytes.slice(layout.key)))
      return {
        incarnation: view.getUint16(layout.incarnation) * 2 ** 32 + view.getUint32(layout.incarnation + 2),
        generation: view.getUint32(layout.generation),
        step: view.getUint8(layout.step),
        baseKey,
      }
    } catch {
      return 'wrong-secret'
    }
  }

  #cipher(iv: Bytes, head: Bytes, participant: string): AesGcmParams {
    const bound = new TextEncoder().encode(JSON.stringify([this.#room, participant]))
    const additionalData = new Uint8Array(head.length + bound.length)
    additionalData.set(head)
    additionalData.set(bound, head.length)
    return { name: 'AES-GCM', iv, additionalData }
  }
}
