import { addressOf } from '../arena.ts'
import { requireInteger } from '../guard.ts'
import { crypto } from './calls.ts'
import { requireOpenssl } from './check.ts'
import { mustBeOne, OpensslError, takeError } from './error.ts'
import { Handle } from './handle.ts'
import { lend, type Workspace, workspace } from './workspace.ts'

const GET_TAG = 0x10
const SET_TAG = 0x11
/** The length of AES-GCM's tag in bytes. */
export const GCM_TAG = 16
/** For EVP_CipherInit_ex: keep the direction that was set first. */
const KEEP = -1

function cipherContext(cipher: number, key: Uint8Array, encrypt: 0 | 1): Handle {
  const context = new Handle('EVP_CIPHER_CTX_new', crypto.EVP_CIPHER_CTX_new(), crypto.EVP_CIPHER_CTX_free)
  try {
    lend(key, address => {
      mustBeOne('EVP_CipherInit_ex', crypto.EVP_CipherInit_ex(context.address, cipher, 0, address, 0, encrypt))
    })
    return context
  } catch (error) {
    context.close()
    throw error
  }
}

/** Picks the cipher for the key's size. Throws RangeError for a size that AES-128 and AES-256 do not have. */
function bySize(key: Uint8Array, of16: () => number, of32: () => number): number {
  requireOpenssl()
  if (key.length === 16) return of16()
  if (key.length === 32) return of32()
  throw new RangeError(`an AES key of ${key.length} bytes; 16 and 32 are possible`)
}

/**
 * AES-GCM under one key, in one direction, with 12-byte nonces and 16-byte tags. Works on bytes in an arena, and allocates
 * nothing.
 */
export class AesGcm {
  /** The next operation's nonce, in the first 12 bytes. All ciphers of a thread share it, so write it before each operation. */
  readonly iv: DataView
  readonly #work: Workspace
  readonly #context: Handle

  constructor(key: Uint8Array, direction: 'seal' | 'open') {
    const cipher = bySize(key, crypto.EVP_aes_128_gcm, crypto.EVP_aes_256_gcm)
    this.#work = workspace()
    this.iv = this.#work.iv
    this.#context = cipherContext(cipher, key, direction === 'seal' ? 1 : 0)
  }

  /**
   * Encrypts `source` from `start` to `end` into `target` at `at`, and adds the tag. Also authenticates `target` from
   * `aadStart` to `at`, and the `trailer` bytes after the tag.
   */
  seal(
    target: Uint8Array,
    aadStart: number,
    at: number,
    source: Uint8Array,
    start: number,
    end: number,
    trailer: number,
  ): void {
    const length = end - start
    const from = addressOf(source, start, end)
    const aad = addressOf(target, aadStart, at + length + GCM_TAG + requireInteger('trailer', trailer, 0, 4))
    const text = aad + requireInteger('the place of the text', at - aadStart, 0, target.length)
    const tag = text + length
    const context = this.#begin(aad, at - aadStart, tag + GCM_TAG, trailer)
    const { lengthAddress } = this.#work
    const sealed =
      (length === 0 || crypto.EVP_CipherUpdate(context, text, lengthAddress, from, length) === 1) &&
      crypto.EVP_CipherFinal_ex(context, lengthAddress, lengthAddress) === 1 &&
      crypto.EVP_CIPHER_CTX_ctrl(context, GET_TAG, GCM_TAG, tag) === 1
    if (!sealed) throw new OpensslError('AES-GCM', takeError())
  }

  /**
   * Decrypts `bytes` from `at` to `end`, whose last 16 bytes are the tag, in place. Returns false if these bytes, those from
   * `aadStart` to `at`, or the `trailer` bytes after `end` are not authentic; the decrypted text is then useless.
   */
  open(bytes: Uint8Array, aadStart: number, at: number, end: number, trailer: number): boolean {
    const length = requireInteger('the length of the text', end - at - GCM_TAG, 0, bytes.length)
    const aad = addressOf(bytes, aadStart, end + requireInteger('trailer', trailer, 0, 4))
    const text = aad + requireInteger('the place of the text', at - aadStart, 0, bytes.length)
    const tag = text + length
    const context = this.#begin(aad, at - aadStart, tag + GCM_TAG, trailer)
    const { lengthAddress } = this.#work
    const taken =
      (length === 0 || crypto.EVP_CipherUpdate(context, text, lengthAddress, text, length) === 1) &&
      crypto.EVP_CIPHER_CTX_ctrl(context, SET_TAG, GCM_TAG, tag) === 1
    if (!taken) throw new OpensslError('AES-GCM', takeError())
    return crypto.EVP_CipherFinal_ex(context, lengthAddress, lengthAddress) === 1
  }

  /** Wipes and frees the key. May be called twice. */
  close(): void {
    this.#context.close()
  }

  #begin(aad: number, aadLength: number, trailer: number, trailerLength: number): number {
    const context = this.#context.address
    const { ivAddress, lengthAddress } = this.#work
    const begun =
      crypto.EVP_CipherInit_ex(context, 0, 0, 0, ivAddress, KEEP) === 1 &&
      (aadLength === 0 || crypto.EVP_CipherUpdate(context, 0, lengthAddress, aad, aadLength) === 1) &&
      (trailerLength === 0 || crypto.EVP_CipherUpdate(context, 0, lengthAddress, trailer, trailerLength) === 1)
    if (!begun) throw new OpensslError('AES-GCM', takeError())
    return context
  }
}

/** AES in counter mode under one key, where encrypting and decrypting are the same. Works on bytes in an arena. */
export class AesCtr {
  /** The next operation's first counter block. All ciphers of a thread share it, so write it before each operation. */
  readonly iv: DataView
  readonly #work: Workspace
  readonly #context: Handle

  constructor(key: Uint8Array) {
    const cipher = bySize(key, crypto.EVP_aes_128_ctr, crypto.EVP_aes_256_ctr)
    this.#work = workspace()
    this.iv = this.#work.iv
    this.#context = cipherContext(cipher, key, 1)
  }

  /** XORs `source` from `start` to `end` with the key stream, into `target` at `at`. */
  apply(target: Uint8Array, at: number, source: Uint8Array, start: number, end: number): void {
    const length = end - start
    const from = addressOf(source, start, end)
    const to = addressOf(target, at, at + length)
    const context = this.#context.address
    const { ivAddress, lengthAddress } = this.#work
    const applied =
      crypto.EVP_CipherInit_ex(context, 0, 0, 0, ivAddress, KEEP) === 1 &&
      (length === 0 || crypto.EVP_CipherUpdate(context, to, lengthAddress, from, length) === 1)
    if (!applied) throw new OpensslError('AES-CTR', takeError())
  }

  /** A copy of the key stream from the counter block in {@link iv} on, for deriving keys. */
  keyStream(length: number): Uint8Array {
    const { output } = this.#work
    const stream = output.subarray(0, requireInteger('length', length, 0, output.length))
    stream.fill(0)
    this.apply(output, 0, output, 0, length)
    const copy = stream.slice()
    stream.fill(0)
    return copy
  }

  /** Wipes and frees the key. May be called twice. */
  close(): void {
    this.#context.close()
  }
}

/** HMAC-SHA1 (RFC 2104) under one key, over bytes in an arena. */
export class HmacSha1 {
  /** The latest result, 20 bytes. All MACs of a thread share it. */
  readonly result: Uint8Array
  readonly #work: Workspace
  readonly #context: Handle

  constructor(key: Uint8Array) {
    requireOpenssl()
    this.#work = workspace()
    this.result = this.#work.digest.subarray(0, 20)
    this.#context = new Handle('HMAC_CTX_new', crypto.HMAC_CTX_new(), crypto.HMAC_CTX_free)
    try {
      lend(key, (address, length) => {
        const result = crypto.HMAC_Init_ex(this.#context.address, address, length, crypto.EVP_sha1(), 0)
        mustBeOne('HMAC_Init_ex', result)
      })
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Puts the MAC of `bytes` from `start` to `end` into {@link result}. */
  compute(bytes: Uint8Array, start: number, end: number): void {
    const from = addressOf(bytes, start, end)
    const context = this.#context.address
    const done =
      crypto.HMAC_Init_ex(context, 0, 0, 0, 0) === 1 &&
      crypto.HMAC_Update(context, from, end - start) === 1 &&
      crypto.HMAC_Final(context, this.#work.digestAddress, 0) === 1
    if (!done) throw new OpensslError('HMAC', takeError())
  }

  /** Wipes and frees the key. May be called twice. */
  close(): void {
    this.#context.close()
  }
}
