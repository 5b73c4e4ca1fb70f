import { EncodeError, setUint16At, Writer } from '@parley/bytes'
import type { Attribute } from '../attributes/attribute.ts'
import { stun } from '../attributes/stun.ts'
import type { StunCrypto } from '../crypto.ts'
import {
  headerLength,
  type MessageClass,
  type Method,
  magicCookie,
  messageType,
  transactionIdLength,
} from './header.ts'
import { fingerprintOf } from './integrity.ts'
import type { Message } from './message.ts'
import { putTransactionId } from './transaction-id.ts'

/** The order of a message: attributes, MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256, FINGERPRINT. */
const stages = { attributes: 0, sha1: 1, sha256: 2, fingerprint: 3 } as const

/**
 * Writes STUN messages (RFC 8489 §5) into the caller's bytes, one message at a time, without allocating a buffer for it.
 * Throws EncodeError if a value cannot be encoded, does not fit, or comes in the wrong order.
 *
 * @example
 * const encoder = new Encoder(new Uint8Array(1500))
 * const reply = encoder
 *   .reply(request, 'success')
 *   .add(stun.xorMappedAddress, client)
 *   .add(turn.lifetime, 600)
 *   .integrity(key, nodeCrypto)
 *   .finish() // a view: send or copy it before you begin the next message
 */
export class Encoder {
  readonly #writer: Writer
  #bytes: Uint8Array
  #begin: number
  #end: number
  #start: number
  #stage: number = stages.attributes

  /** Messages are written from `start`, and not beyond `end`. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#writer = new Writer(bytes, 'stun/encoder', start, end)
    this.#bytes = bytes
    this.#begin = start
    this.#end = end
    this.#start = start
  }

  /** Writes the messages that follow somewhere else. */
  target(bytes: Uint8Array, start = 0, end = bytes.length): this {
    this.#writer.target(bytes, start, end)
    this.#bytes = bytes
    this.#begin = start
    this.#end = end
    return this
  }

  /** Begins a message, and overwrites the one before. Without a transaction ID (12 bytes), it gets a random one. */
  message(messageClass: MessageClass, method: Method | number, transactionId?: Uint8Array): this {
    const writer = this.#writer.target(this.#bytes, this.#begin, this.#end)
    writer.place = 'stun/header'
    this.#start = this.#begin
    this.#stage = stages.attributes
    writer.uint16(messageType(messageClass, method))
    writer.uint16(0)
    writer.uint32(magicCookie)
    if (transactionId === undefined) {
      writer.zeros(transactionIdLength)
      putTransactionId(this.#bytes, this.#start + headerLength - transactionIdLength)
    } else {
      if (transactionId.length !== transactionIdLength) writer.fail(`a transaction ID of ${transactionId.length} bytes`)
      writer.put(transactionId)
    }
    return this
  }

  /** Begins the response to a request, with the same method and transaction ID. */
  reply(request: Message, messageClass: 'success' | 'error'): this {
    return this.message(messageClass, request.methodCode, request.transactionId)
  }

  add<T>(attribute: Attribute<T>, value: T): this {
    this.#enter(stages.attributes, attribute.place)
    this.#put(attribute, value)
    return this
  }

  /** Adds MESSAGE-INTEGRITY, an HMAC-SHA1 (RFC 8489 §14.5). */
  integrity(key: Uint8Array, crypto: StunCrypto): this {
    this.#enter(stages.sha1, stun.messageIntegrity.place)
    this.#put(stun.messageIntegrity, this.#mac('sha1', key, crypto, 20))
    return this
  }

  /** Adds MESSAGE-INTEGRITY-SHA256, cut to `length` bytes: 16 to 32, a multiple of 4 (RFC 8489 §14.6). */
  integritySha256(key: Uint8Array, crypto: StunCrypto, length = 32): this {
    this.#enter(stages.sha256, stun.messageIntegritySha256.place)
    this.#put(stun.messageIntegritySha256, this.#mac('sha256', key, crypto, length))
    return this
  }

  /** Adds FINGERPRINT (RFC 8489 §14.7), after which nothing can be added. */
  fingerprint(): this {
    this.#enter(stages.fingerprint, stun.fingerprint.place)
    this.#setLength(8)
    this.#put(stun.fingerprint, fingerprintOf(this.#bytes, this.#start, this.#writer.offset))
    return this
  }

  /** The finished message, as a view. */
  finish(): Uint8Array {
    this.#setLength(0)
    return this.#bytes.subarray(this.#start, this.#writer.offset)
  }

  #mac(hash: 'sha1' | 'sha256', key: Uint8Array, crypto: StunCrypto, length: number): Uint8Array {
    this.#setLength(4 + length)
    const mac = crypto.hmac(hash, key, [this.#bytes.subarray(this.#start, this.#writer.offset)])
    return mac.length === length ? mac : mac.subarray(0, length)
  }

  #put<T>({ type, place, codec }: Attribute<T>, value: T): void {
    const writer = this.#writer
    const offset = writer.offset
    writer.place = place
    writer.uint16(type)
    writer.uint16(0)
    codec.encode(writer, value, this.#start)
    const length = writer.offset - offset - 4
    if (length > 0xffff) writer.fail(`${length} bytes`)
    setUint16At(this.#bytes, offset + 2, length)
    writer.zeros(-length & 3)
  }

  #enter(stage: number, place: string): void {
    const repeated = stage === this.#stage && stage !== stages.attributes
    if (stage < this.#stage || repeated) throw new EncodeError(place, 'comes too late in the message')
    this.#stage = stage
  }

  /** Sets the header's length to what is written and `more` bytes to come: MACs and fingerprints cover their own length. */
  #setLength(more: number): void {
    const length = this.#writer.offset + more - this.#start - headerLength
    if (length > 0xffff) throw new EncodeError('stun/length', `${length} bytes`)
    setUint16At(this.#bytes, this.#start + 2, length)
  }
}
