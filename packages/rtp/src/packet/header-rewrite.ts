import { byteAt, setUint16At, setUint32At } from '@parley/bytes'
import { fixedHeaderLength, oneByteProfile, type RtpPacket, twoByteProfile } from './rtp-packet.ts'

/** Largest id and longest value in the one-byte form (RFC 8285 §4.2). */
const oneByteMax = { id: 14, length: 16 } as const

/** Largest id and longest value in the two-byte form (RFC 8285 §4.3). */
const maxId = 255
const maxLength = 255

const noRoom = -1
const needsTwoByte = -2

/**
 * Writes the header under which a packet is forwarded: with new numbers, with the elements of its header extension under the
 * receiver's ids, and with values of our own. Keep one for each stream that is sent; writing allocates nothing.
 *
 * Our own values come first, in the order in which they were set. Elements that are not mapped are left out. CSRCs are
 * copied, padding is not. The elements take the one-byte form, unless an id above 14, or a value that is empty or longer
 * than 16 bytes, needs the two-byte form (RFC 8285 §4.1.2). A receiver that has not agreed to mix the two forms
 * (`a=extmap-allow-mixed`) is not sent such elements. Writing moves the packet's cursor behind the last element.
 *
 * @example
 * const rewrite = new HeaderRewrite()
 * rewrite.mapExtension(10, 3)
 * const transportSequenceNumber = new Uint8Array(2)
 * rewrite.setExtension(5, transportSequenceNumber)
 * // for each packet
 * setUint16At(transportSequenceNumber, 0, next)
 * rewrite.sequenceNumber = 7
 * const end = rewrite.write(packet, slab, offset)
 */
export class HeaderRewrite {
  payloadType = 0
  marker = false
  sequenceNumber = 0
  timestamp = 0
  ssrc = 0
  /** Of which target id {@link watchedAt} is to tell; 0: of none. */
  watchedId = 0
  /** Where {@link write} has put the value of the element with `watchedId` that it copied; -1: nowhere. */
  watchedAt = -1
  readonly #allowTwoByte: boolean
  /** The target id for each source id. */
  readonly #map = new Uint8Array(256)
  /** The same, without the targets for which there is a value of our own. */
  readonly #copies = new Uint8Array(256)
  readonly #ids: number[] = []
  readonly #values: Uint8Array[] = []
  #valuesNeedTwoByte = false

  constructor({ allowTwoByte = true }: { allowTwoByte?: boolean } = {}) {
    this.#allowTwoByte = allowTwoByte
  }

  /** Forwards the elements with id `from` under id `to`; 0 drops them. Throws RangeError for an invalid id. */
  mapExtension(from: number, to: number): void {
    checkId(from)
    if (to !== 0) checkId(to)
    this.#map[from] = to
    this.#compile()
  }

  /**
   * Sends this value under an id, in place of whatever arrives under it. The array is kept and read at every write, so change
   * it in place. Throws RangeError for an invalid id, or for more than 255 bytes.
   */
  setExtension(id: number, value: Uint8Array): void {
    checkId(id)
    if (value.length > maxLength) throw new RangeError(`a header extension of ${value.length} bytes`)
    const set = this.#ids.indexOf(id)
    if (set >= 0) this.#values[set] = value
    else {
      this.#ids.push(id)
      this.#values.push(value)
    }
    this.#compile()
  }

  /**
   * Writes the header for `packet` at `offset`. Returns where it ends and the payload begins, or -1 if it does not fit before
   * `limit`. Never writes before `offset`, or from `limit` on.
   */
  write(packet: RtpPacket, target: Uint8Array, offset: number, limit: number = target.length): number {
    const extension = offset + fixedHeaderLength + 4 * packet.csrcCount
    if (extension > limit) return noRoom
    copy(packet.bytes, packet.start + fixedHeaderLength, target, offset + fixedHeaderLength, 4 * packet.csrcCount)

    let twoByte = this.#valuesNeedTwoByte
    let end = this.#writeElements(packet, target, extension + 4, limit, twoByte)
    if (end === needsTwoByte) {
      twoByte = true
      end = this.#writeElements(packet, target, extension + 4, limit, twoByte)
    }
    if (end === noRoom) return noRoom
    const extended = end > extension + 4
    if (!extended) end = extension
    else {
      const padding = -(end - extension) & 3
      if (end + padding > limit) return noRoom
      for (let i = 0; i < padding; i++) target[end++] = 0
      setUint16At(target, extension, twoByte ? twoByteProfile : oneByteProfile)
      setUint16At(target, extension + 2, (end - extension - 4) >> 2)
    }
    target[offset] = 0x80 | (extended ? 0x10 : 0) | packet.csrcCount
    target[offset + 1] = (this.marker ? 0x80 : 0) | this.payloadType
    setUint16At(target, offset + 2, this.sequenceNumber)
    setUint32At(target, offset + 4, this.timestamp)
    setUint32At(target, offset + 8, this.ssrc)
    return end
  }

  #writeElements(packet: RtpPacket, target: Uint8Array, start: number, limit: number, twoByte: boolean): number {
    let at = start
    for (let i = 0; i < this.#ids.length; i++) {
      const value = this.#values[i] as Uint8Array
      const id = this.#ids[i] as number
      if (!twoByte && !fitsOneByte(id, value.length)) continue
      at = putElement(target, at, limit, twoByte, id, value, 0, value.length)
      if (at < 0) return at
    }
    this.watchedAt = -1
    packet.rewindExtensions()
    while (packet.nextExtension()) {
      const id = byteAt(this.#copies, packet.extensionId)
      if (id === 0) continue
      const length = packet.extensionLength
      if (!twoByte && !fitsOneByte(id, length)) {
        if (this.#allowTwoByte) return needsTwoByte
        continue
      }
      at = putElement(target, at, limit, twoByte, id, packet.bytes, packet.extensionOffset, length)
      if (at < 0) return at
      if (id === this.watchedId) this.watchedAt = at - length
    }
    return at
  }

  #compile(): void {
    this.#map.forEach((to, from) => {
      this.#copies[from] = this.#ids.includes(to) ? 0 : to
    })
    this.#valuesNeedTwoByte =
      this.#allowTwoByte && this.#ids.some((id, i) => !fitsOneByte(id, this.#values[i]?.length ?? 0))
  }
}

function checkId(id: number): void {
  if (!Number.isInteger(id) || id < 1 || id > maxId)
    throw new RangeError(`${id} is not a valid id of a header extension`)
}

function fitsOneByte(id: number, length: number): boolean {
  return id <= oneByteMax.id && length <= oneByteMax.length && length > 0
}

function putElement(
  target: Uint8Array,
  at: number,
  limit: number,
  twoByte: boolean,
  id: number,
  value: Uint8Array,
  offset: number,
  length: number,
): number {
  const start = at + (twoByte ? 2 : 1)
  if (start + length > limit) return noRoom
  if (twoByte) {
    target[at] = id
    target[at + 1] = length
  } else {
    target[at] = (id << 4) | (length - 1)
  }
  copy(value, offset, target, start, length)
  return start + length
}

/** Faster than `set` for a handful of bytes, and it needs no view. */
function copy(from: Uint8Array, offset: number, to: Uint8Array, at: number, length: number): void {
  for (let i = 0; i < length; i++) to[at + i] = byteAt(from, offset + i)
}
