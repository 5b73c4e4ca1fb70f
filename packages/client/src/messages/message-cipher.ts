import { fromBase64Url, toBase64Url } from '../e2ee/base64url.ts'

const nonceSize = 12

/**
 * Encrypts messages of a room with AES-GCM, under a key that is derived (HKDF) from the secret that its participants share and from
 * the room's name. Each is bound to who sent it and to its topic. Base64url of the nonce and the ciphertext.
 */
export class MessageCipher {
  readonly #key: CryptoKey
  readonly #room: string

  private constructor(key: CryptoKey, room: string) {
    this.#key = key
    this.#room = room
  }

  static async derive(secret: string, room: string): Promise<MessageCipher> {
    const text = new TextEncoder()
    const material = await crypto.subtle.importKey('raw', text.encode(secret), 'HKDF', false, ['deriveKey'])
    const info = text.encode(`Parley 1.0 messages ${room}`)
    const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info }
    const aes = { name: 'AES-GCM', length: 256 }
    return new MessageCipher(await crypto.subtle.deriveKey(hkdf, material, aes, false, ['encrypt', 'decrypt']), room)
  }

  async encrypt(from: string, topic: string, body: string): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(nonceSize))
    const sealed = await crypto.subtle.encrypt(this.#bound(iv, from, topic), this.#key, new TextEncoder().encode(body))
    return toBase64Url([...iv, ...new Uint8Array(sealed)])
  }

  /** @returns undefined for what was not encrypted with this secret, or not by this participant for this topic. */
  async decrypt(from: string, topic: string, body: string): Promise<string | undefined> {
    const bytes = fromBase64Url(body)
    if (!bytes || bytes.length <= nonceSize) return undefined
    try {
      const cipher = this.#bound(bytes.slice(0, nonceSize), from, topic)
      return new TextDecoder().decode(await crypto.subtle.decrypt(cipher, this.#key, bytes.slice(nonceSize)))
    } catch {
      return undefined
    }
  }

  #bound(iv: Uint8Array<ArrayBuffer>, from: string, topic: string): AesGcmParams {
    const additionalData = new TextEncoder().encode(JSON.stringify([this.#room, from, topic]))
    return { name: 'AES-GCM', iv, additionalData }
  }
}
