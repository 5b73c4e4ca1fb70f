import { byteAt, EncodeError, uint16At, uint32At, type Writer } from '@parley/bytes'
import { type FeedbackSource, feedbackSourceLength, type PacketType, writeFeedbackSource } from './packet-type.ts'
import { type PacketStatus, packetStatus, readStatusChunks, writeStatusChunks } from './status-chunks.ts'

export interface PacketArrival {
  /** The transport-wide sequence number, 16 bits. */
  readonly sequenceNumber: number
  /** Time since the previous arrival (for the first: since the reference time), in units of 250 µs: -32,768 to 32,767. */
  readonly delta: number
}

/** When packets arrived, by transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). */
export interface TransportFeedback extends FeedbackSource {
  readonly baseSequenceNumber: number
  /** How many packets it covers, from the base on. Those that are not in `arrivals` did not arrive. */
  readonly packetStatusCount: number
  /** In units of 64 ms, modulo 2^24, on a clock that only the sender of the feedback knows. */
  readonly referenceTime: number
  /** Goes up by one with each feedback packet, modulo 256. */
  readonly feedbackPacketCount: number
  /** In ascending order of sequence numbers. */
  readonly arrivals: readonly PacketArrival[]
}

const fixedLength = feedbackSourceLength + 8

export const transportFeedback: PacketType<TransportFeedback> = {
  type: 205,
  format: 15,
  decode(bytes, start, end) {
    const chunks = start + fixedLength
    if (chunks > end) return undefined
    const baseSequenceNumber = uint16At(bytes, start + 8)
    const packetStatusCount = uint16At(bytes, start + 10)
    const received: { index: number; status: PacketStatus }[] = []
    let at = readStatusChunks(bytes, chunks, end, packetStatusCount, (index, status) => {
      received.push({ index, status })
    })
    if (at < 0) return undefined
    const arrivals: PacketArrival[] = []
    for (const { index, status } of received) {
      const large = status === packetStatus.largeDelta
      if (at + (large ? 2 : 1) > end) return undefined
      const delta = large ? (uint16At(bytes, at) << 16) >> 16 : byteAt(bytes, at)
      arrivals.push({ sequenceNumber: (baseSequenceNumber + index) & 0xffff, delta })
      at += large ? 2 : 1
    }
    return {
      senderSsrc: uint32At(bytes, start),
      mediaSsrc: uint32At(bytes, start + 4),
      baseSequenceNumber,
      packetStatusCount,
      referenceTime: uint32At(bytes, start + 12) >>> 8,
      feedbackPacketCount: byteAt(bytes, start + 15),
      arrivals,
    }
  },
  encode(writer, value) {
    const { baseSequenceNumber, packetStatusCount, arrivals } = value
    writeFeedbackSource(writer, value)
    writer.uint16(baseSequenceNumber)
    writer.uint16(packetStatusCount)
    writer.uint24(value.referenceTime)
    writer.uint8(value.feedbackPacketCount)
    const before = writer.offset
    writeStatusChunks(writer, statuses(writer, value))
    for (const { delta } of arrivals) {
      if (isSmall(delta)) writer.uint8(delta)
      else writer.uint16(delta & 0xffff)
    }
    writer.zeros(-(writer.offset - before) & 3)
  },
}

function isSmall(delta: number): boolean {
  return delta >= 0 && delta <= 0xff
}

function statuses(writer: Writer, { baseSequenceNumber, packetStatusCount, arrivals }: TransportFeedback): Uint8Array {
  const all = new Uint8Array(packetStatusCount)
  let next = 0
  for (const { sequenceNumber, delta } of arrivals) {
    const index = (sequenceNumber - baseSequenceNumber) & 0xffff
    if (index < next || index >= packetStatusCount) {
      throw new EncodeError(writer.place, `arrival ${sequenceNumber} out of order or out of range`)
    }
    if (delta < -0x8000 || delta > 0x7fff) throw new EncodeError(writer.place, `delta ${delta} does not fit 16 bits`)
    all[index] = isSmall(delta) ? packetStatus.smallDelta : packetStatus.largeDelta
    next = index + 1
  }
  return all
}
