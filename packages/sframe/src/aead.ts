/** An authenticated cipher with its key (RFC 5116); the tag is the end of the ciphertext. */
export interface Aead {
  seal(nonce: Bytes, additional: Bytes, plaintext: Bytes): Promise<Bytes>
  /** @returns undefined if the ciphertext is not authentic. */
  open(nonce: Bytes, additional: Bytes, ciphertext: Bytes): Promise<Bytes | undefined>
}

type Bytes = Uint8Array<ArrayBuffer>

/** AES-GCM with a tag of 16 bytes. */
export async function aesGcm(rawKey: Bytes): Promise<Aead> {
  const key = await crypto.subtle.importKey('raw', rawKey, 'AES-GCM', false, ['encrypt', 'decrypt'])
  return {
    async seal(iv, additionalData, plaintext) {
      return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, plaintext))
    },
    async open(iv, additionalData, ciphertext) {
      try {
        return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, ciphertext))
      } catch {
        return undefined // WebCrypto says no more than that it failed.
      }
    },
  }
}

const encryptionKeySize = 16

/** AES-CTR, then HMAC with SHA-256, whose tag is truncated to `tagSize` bytes (RFC 9605 §4.5.1). */
export async function aesCtrHmac(rawKey: Bytes, tagSize: number): Promise<Aead> {
  const key = await crypto.subtle.importKey('raw', rawKey.slice(0, encryptionKeySize), 'AES-CTR', false, [
    'encrypt',
    'decrypt',
  ])
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const rawAuthentication = rawKey.slice(encryptionKeySize)
  const authentication = await crypto.subtle.importKey('raw', rawAuthentication, hmac, false, ['sign'])
  const counter = (nonce: Bytes) => ({ name: 'AES-CTR', counter: concat(nonce, new Uint8Array(4)), length: 32 })
  const tagOf = async (nonce: Bytes, additional: Bytes, ciphertext: Bytes): Promise<Bytes> => {
    const lengths = new DataView(new ArrayBuffer(24))
    for (const [i, length] of [additional.length, ciphertext.length, tagSize].entries()) {
      lengths.setBigUint64(8 * i, BigInt(length))
    }
    const signed = concat(new Uint8Array(lengths.buffer), nonce, additional, ciphertext)
    return new Uint8Array(await crypto.subtle.sign('HMAC', authentication, signed)).slice(0, tagSize)
  }
  return {
    async seal(nonce, additional, plaintext) {
      const ciphertext = new Uint8Array(await crypto.subtle.encrypt(counter(nonce), key, plaintext))
      return concat(ciphertext, await tagOf(nonce, additional, ciphertext))
    },
    async open(nonce, additional, sealed) {
      if (sealed.length < tagSize) return undefined
      const ciphertext = sealed.slice(0, -tagSize)
      const tag = await tagOf(nonce, additional, ciphertext)
      if (!equal(tag, sealed.subarray(-tagSize))) return undefined
      return new Uint8Array(await crypto.subtle.decrypt(counter(nonce), key, ciphertext))
    },
  }
}

export function concat(...parts: readonly ArrayLike<number>[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Whether both are the same, in a time that does not depend on where they differ. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}
