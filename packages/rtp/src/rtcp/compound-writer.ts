import { setUint16At, Writer } from '@parley/bytes'
import type { PacketType } from './packet-type.ts'
import { rtcpHeaderLength } from './read-compound.ts'
import { type RtcpKind, type RtcpPackets, rtcpTypes } from './table.ts'

const maxCount = 31

/**
 * Writes a compound packet (RFC 3550 §6.1) into the caller's bytes, one RTCP packet after another. Reusable: {@link target}
 * begins a new one.
 *
 * @example
 * const end = writer.target(slab, 0).add('receiverReport', report).add('sourceDescription', names).end
 */
export class CompoundWriter {
  readonly #writer = new Writer(new Uint8Array(), 'rtcp')
  #bytes: Uint8Array = new Uint8Array()
  #start = 0
  #end = 0
  #limit = 0

  /** Begins a compound packet at `start`, which will not grow past `limit`. */
  target(bytes: Uint8Array, start = 0, limit: number = bytes.length): this {
    this.#writer.target(bytes, start, limit)
    this.#bytes = bytes
    this.#start = start
    this.#end = start
    this.#limit = limit
    return this
  }

  /** Where the last complete packet ends. */
  get end(): number {
    return this.#end
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#end - this.#start
  }

  /** Throws EncodeError if the value cannot be encoded or does not fit; the packets before it are kept. */
  add<Kind extends RtcpKind>(kind: Kind, value: RtcpPackets[Kind]): this {
    const row: PacketType<RtcpPackets[Kind]> = rtcpTypes[kind]
    const writer = this.#writer.target(this.#bytes, this.#end, this.#limit)
    writer.place = `rtcp/${kind}`
    const count = row.format ?? row.count?.(value) ?? 0
    if (count > maxCount) writer.fail(`lists ${count}, more than ${maxCount}`)
    writer.uint8(0x80 | count)
    writer.uint8(row.type)
    writer.uint16(0)
    row.encode(writer, value)
    const words = (writer.offset - this.#end - rtcpHeaderLength) / 4
    if (words > 0xffff) writer.fail(`${words} words long`)
    setUint16At(this.#bytes, this.#end + 2, words)
    this.#end = writer.offset
    return this
  }
}
