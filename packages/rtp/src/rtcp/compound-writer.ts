import { setUint16At, Writer } from '@parley/bytes'
import type { PacketType } from './packet-type.ts'
import { rtcpHeaderLength } from './read-compound.ts'
import { type RtcpKind, type RtcpPackets, rtcpTypes } from './table.ts'

const maxCount = 31

/**
 * Writes RTCP packets one after the other into the caller's bytes. Reusable: {@link target} begins anew.
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

  /** Begins a compound packet at `start`, which must not grow beyond `limit`. */
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

  /** Throws EncodeError where a value has no encoding or no room; then the packets before it stand. */
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
