import { DecodeError, Reader, toHex, uint16At, uint32At } from '@parley/bytes'
import { type Attribute, isComprehensionRequired } from '../attributes/attribute.ts'
import { stun } from '../attributes/stun.ts'
import {
  classOfType,
  headerLength,
  type MessageClass,
  type Method,
  magicCookie,
  methodCodeOfType,
  methodOfCode,
  transactionIdLength,
} from './header.ts'

/** Where the usable attributes end, and where each of those that protect them begins; undefined if absent. */
interface Layout {
  readonly attributesEnd: number
  readonly messageIntegrity: number | undefined
  readonly messageIntegritySha256: number | undefined
  readonly fingerprint: number | undefined
}

/**
 * A received STUN message (RFC 8489 §5): a view of the caller's bytes, which it neither copies nor changes, and valid for as
 * long as they are. Attributes are decoded when asked for.
 *
 * @example
 * const message = Message.decode(datagram)
 * if (message.method === 'allocate' && message.class === 'request') {
 *   const lifetime = message.get(turn.lifetime) // number | undefined
 * }
 */
export class Message {
  /** The buffer that holds the message, from `start` to `end`. */
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  readonly layout: Layout
  #reader: Reader | undefined

  private constructor(bytes: Uint8Array, start: number, end: number, layout: Layout) {
    this.bytes = bytes
    this.start = start
    this.end = end
    this.layout = layout
  }

  /**
   * Reads the bytes from `start` to `end` as one whole message. Checks the header and the structure (RFC 8489 §5, §14): each
   * attribute ends within the message, FINGERPRINT comes last. Throws DecodeError. Values are checked by {@link get},
   * integrity and fingerprint by {@link verifyIntegrity} and {@link checkFingerprint}.
   */
  static decode(bytes: Uint8Array, start = 0, end = bytes.length): Message {
    checkHeader(bytes, start, end)
    return new Message(bytes, start, end, layoutOf(bytes, start, end))
  }

  get type(): number {
    return uint16At(this.bytes, this.start)
  }

  get class(): MessageClass {
    return classOfType(this.type)
  }

  /** Undefined for an unregistered method: see {@link methodCode}. */
  get method(): Method | undefined {
    return methodOfCode(this.methodCode)
  }

  get methodCode(): number {
    return methodCodeOfType(this.type)
  }

  /** 12 bytes, as a view. */
  get transactionId(): Uint8Array {
    const start = this.start + headerLength - transactionIdLength
    return this.bytes.subarray(start, start + transactionIdLength)
  }

  /** The whole message, as a view. */
  get raw(): Uint8Array {
    return this.bytes.subarray(this.start, this.end)
  }

  /** The value of the first such attribute; undefined if there is none. Throws DecodeError if the value is malformed. */
  get<T>(attribute: Attribute<T>): T | undefined {
    const offset = this.#find(attribute.type)
    return offset === undefined ? undefined : this.valueAt(attribute, offset)
  }

  /** The values of all such attributes, in order: CreatePermission, for one, may have several XOR-PEER-ADDRESS. */
  getAll<T>(attribute: Attribute<T>): T[] {
    const values: T[] = []
    this.eachAttribute((type, offset) => {
      if (type === attribute.type) values.push(this.valueAt(attribute, offset))
    })
    return values
  }

  /** Decodes the attribute at an offset that {@link eachAttribute} gave. Throws DecodeError if the value is malformed. */
  valueAt<T>({ codec, place }: Attribute<T>, offset: number): T {
    this.#reader ??= new Reader(this.bytes, place)
    const reader = this.#reader.window(place, offset + 4, offset + 4 + uint16At(this.bytes, offset + 2))
    const value = codec.decode(reader, this.start)
    reader.done()
    return value
  }

  has(attribute: Attribute<unknown>): boolean {
    return this.#find(attribute.type) !== undefined
  }

  /**
   * The types of the comprehension-required attributes that are not in `understood`, each once: what error 420 must list
   * (RFC 8489 §6.3.1). See {@link attributeTypes}.
   */
  unknownRequired(understood: ReadonlySet<number>): number[] {
    const unknown = new Set<number>()
    this.eachAttribute(type => {
      if (isComprehensionRequired(type) && !understood.has(type)) unknown.add(type)
    })
    return [...unknown]
  }

  /** Calls back with type and offset of every usable attribute, then of those that protect them. */
  eachAttribute(visit: (type: number, offset: number) => void): void {
    const { attributesEnd, messageIntegrity, messageIntegritySha256, fingerprint } = this.layout
    for (let at = this.start + headerLength; at < attributesEnd; at = nextAttribute(this.bytes, at)) {
      visit(uint16At(this.bytes, at), at)
    }
    if (messageIntegrity !== undefined) visit(stun.messageIntegrity.type, messageIntegrity)
    if (messageIntegritySha256 !== undefined) visit(stun.messageIntegritySha256.type, messageIntegritySha256)
    if (fingerprint !== undefined) visit(stun.fingerprint.type, fingerprint)
  }

  toString(): string {
    return `${this.method ?? `method 0x${this.methodCode.toString(16)}`} ${this.class} ${toHex(this.transactionId)}`
  }

  #find(wanted: number): number | undefined {
    const { attributesEnd, messageIntegrity, messageIntegritySha256, fingerprint } = this.layout
    if (wanted === stun.messageIntegrity.type) return messageIntegrity
    if (wanted === stun.messageIntegritySha256.type) return messageIntegritySha256
    if (wanted === stun.fingerprint.type) return fingerprint
    for (let at = this.start + headerLength; at < attributesEnd; at = nextAttribute(this.bytes, at)) {
      if (uint16At(this.bytes, at) === wanted) return at
    }
    return undefined
  }
}

/** Where the attribute after the one at `offset` begins. */
export function nextAttribute(bytes: Uint8Array, offset: number): number {
  return offset + 4 + ((uint16At(bytes, offset + 2) + 3) & ~3)
}

function checkHeader(bytes: Uint8Array, start: number, end: number): void {
  const length = end - start
  if (!(start >= 0 && end <= bytes.length && length >= headerLength)) {
    throw new DecodeError('stun/header', `${length} bytes, a header has ${headerLength}`)
  }
  if (uint16At(bytes, start) >= 0x4000) throw new DecodeError('stun/type', 'the first two bits are not zero')
  if (uint32At(bytes, start + 4) !== magicCookie) throw new DecodeError('stun/cookie', 'not the magic cookie')
  const claimed = uint16At(bytes, start + 2)
  if (claimed !== length - headerLength) {
    throw new DecodeError('stun/length', `${claimed} bytes claimed, ${length - headerLength} there`)
  }
  if (claimed % 4 !== 0) throw new DecodeError('stun/length', `${claimed} is not a multiple of 4`)
}

/**
 * Walks all attributes once. After MESSAGE-INTEGRITY, only MESSAGE-INTEGRITY-SHA256 and FINGERPRINT count, and after
 * MESSAGE-INTEGRITY-SHA256 only FINGERPRINT (RFC 8489 §14.5, §14.6).
 */
function layoutOf(bytes: Uint8Array, start: number, end: number): Layout {
  let attributesEnd = end
  let messageIntegrity: number | undefined
  let messageIntegritySha256: number | undefined
  let fingerprint: number | undefined
  for (let at = start + headerLength; at < end; ) {
    const type = uint16At(bytes, at)
    const next = nextAttribute(bytes, at)
    if (next > end) throw new DecodeError('stun/attribute', `0x${type.toString(16)} runs past the end of the message`)
    if (type === stun.fingerprint.type) {
      if (next !== end) throw new DecodeError(stun.fingerprint.place, 'is not the last attribute')
      fingerprint = at
    } else if (type === stun.messageIntegrity.type && attributesEnd === end) {
      messageIntegrity = at
    } else if (type === stun.messageIntegritySha256.type) {
      messageIntegritySha256 ??= at
    } else {
      at = next
      continue
    }
    attributesEnd = Math.min(attributesEnd, at)
    at = next
  }
  return { attributesEnd, messageIntegrity, messageIntegritySha256, fingerprint }
}
