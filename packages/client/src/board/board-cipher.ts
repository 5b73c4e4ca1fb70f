import type { BoardEntry } from '@parley/protocol'

type Bytes = Uint8Array<ArrayBuffer>

/** Marks what is sealed, so that it is told apart from what is not. */
const mark = 'e1.'
const ivBytes = 12
const tagBytes = 16

/** How long a text of so many bytes is when it is sealed. */
export function sealedChars(bytes: number): number {
  return mark.length + Math.ceil(((ivBytes + bytes + tagBytes) * 4) / 3)
}

/** Whether something was sealed by anybody. */
export function isSealed(text: string): boolean {
  return text.startsWith(mark)
}

/**
 * Seals what is on a whiteboard with AES-GCM, under a key derived (HKDF) from the secret that the room's people share, and from
 * the room's name. An entry is bound to its key, version and nonce, so that nobody without the secret can pass it off as another.
 */
export class BoardCipher {
  readonly #key: CryptoKey
  readonly #room: string

  private constructor(key: CryptoKey, room: string) {
    this.#key = key
    this.#room = room
  }

  static async derive(secret: string, room: string): Promise<BoardCipher> {
    const text = new TextEncoder()
    const material = await crypto.subtle.importKey('raw', text.encode(secret), 'HKDF', false, ['deriveKey'])
    const info = text.encode(`Parley 1.0 whiteboard ${room}`)
    const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info }
    const aes = { name: 'AES-GCM', length: 256 }
    return new BoardCipher(await crypto.subtle.deriveKey(hkdf, material, aes, false, ['encrypt', 'decrypt']), room)
  }

  seal(entry: BoardEntry): Promise<string> {
    return this.#encrypt(entry.value, place(entry))
  }

  /** The value of an entry; undefined if it was not sealed for this place with our secret. */
  open(entry: BoardEntry): Promise<string | undefined> {
    return this.#decrypt(entry.value, place(entry))
  }

  /** @param participant Whose cursor it is. */
  sealCursor(cursor: string, participant: string): Promise<string> {
    return this.#encrypt(cursor, ['cursor', participant])
  }

  openCursor(sealed: string, participant: string): Promise<string | undefined> {
    return this.#decrypt(sealed, ['cursor', participant])
  }

  async #encrypt(text: string, bound: Place): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
    const sealed = await crypto.subtle.encrypt(this.#cipher(iv, bound), this.#key, new TextEncoder().encode(text))
    const bytes = new Uint8Array(ivBytes + sealed.byteLength)
    bytes.set(iv)
    bytes.set(new Uint8Array(sealed), ivBytes)
    return mark + toBase64(bytes)
  }

  async #decrypt(sealed: string, bound: Place): Promise<string | undefined> {
    if (!isSealed(sealed)) return undefined
    try {
      const bytes = fromBase64(sealed.slice(mark.length))
      const cipher = this.#cipher(bytes.slice(0, ivBytes), bound)
      return new TextDecoder().decode(await crypto.subtle.decrypt(cipher, this.#key, bytes.slice(ivBytes)))
    } catch {
      return undefined // Not base64, too short, of another secret or of another place: it cannot be read, whichever it is.
    }
  }

  #cipher(iv: Bytes, bound: Place): AesGcmParams {
    return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(JSON.stringify([this.#room, ...bound])) }
  }
}

type Place = readonly (string | number)[]

function place({ key, version, nonce }: BoardEntry): Place {
  return ['entry', key, version, nonce]
}

/** As many bytes at once as can be arguments of a function, and end between two characters of base64. */
const chunkBytes = 3 * 8192

function toBase64(bytes: Bytes): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + chunkBytes)))
  }
  return text.replaceAll('=', '')
}

function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0))
}
