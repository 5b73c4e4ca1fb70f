import { byteAt, EncodeError, uint16At, uint32At, type Writer } from '@parley/bytes'
import type { NtpTime } from './ntp.ts'
import type { PacketType } from './packet-type.ts'

/** When this was sent, by which a receiver that sends no media can measure the round trip too (RFC 3611 §4.4). */
interface ReceiverReferenceTime {
  readonly kind: 'receiver-reference-time'
  readonly ntp: NtpTime
}

interface DlrrReport {
  /** The receiver whose reference time is answered. */
  readonly ssrc: number
  /** The middle 32 bits of that time; 0 if it never came. */
  readonly lastRr: number
  /** The time since it came, in 1/65,536 s. */
  readonly delaySinceLastRr: number
}

/** The answer to reference times (RFC 3611 §4.5). */
interface Dlrr {
  readonly kind: 'dlrr'
  readonly reports: readonly DlrrReport[]
}

/** A block of another type, not decoded. */
interface OpaqueBlock {
  readonly kind: 'opaque'
  readonly blockType: number
  readonly typeSpecific: number
  /** A view of the bytes that were read. To be written, it must be a multiple of four bytes. */
  readonly body: Uint8Array
}

type ExtendedReportBlock = ReceiverReferenceTime | Dlrr | OpaqueBlock

/** XR, an extended report (RFC 3611). */
export interface ExtendedReport {
  readonly ssrc: number
  readonly blocks: readonly ExtendedReportBlock[]
}

const blockTypes = { receiverReferenceTime: 4, dlrr: 5 } as const
const dlrrReportLength = 12

const decoders: {
  readonly [type: number]:
    | ((bytes: Uint8Array, start: number, end: number) => ExtendedReportBlock | undefined)
    | undefined
} = {
  [blockTypes.receiverReferenceTime](bytes, start, end) {
    if (end - start !== 8) return undefined
    const ntp = { seconds: uint32At(bytes, start), fraction: uint32At(bytes, start + 4) }
    return { kind: 'receiver-reference-time', ntp }
  },
  [blockTypes.dlrr](bytes, start, end) {
    const count = (end - start) / dlrrReportLength
    if (!Number.isInteger(count)) return undefined
    const reports = Array.from({ length: count }, (_, i) => ({
      ssrc: uint32At(bytes, start + i * dlrrReportLength),
      lastRr: uint32At(bytes, start + i * dlrrReportLength + 4),
      delaySinceLastRr: uint32At(bytes, start + i * dlrrReportLength + 8),
    }))
    return { kind: 'dlrr', reports }
  },
}

const encoders: {
  readonly [Kind in ExtendedReportBlock['kind']]: (
    writer: Writer,
    block: Extract<ExtendedReportBlock, { kind: Kind }>,
  ) => void
} = {
  'receiver-reference-time': (writer, { ntp }) => {
    writeBlockHeader(writer, blockTypes.receiverReferenceTime, 0, 8)
    writer.uint32(ntp.seconds)
    writer.uint32(ntp.fraction)
  },
  dlrr: (writer, { reports }) => {
    writeBlockHeader(writer, blockTypes.dlrr, 0, reports.length * dlrrReportLength)
    for (const { ssrc, lastRr, delaySinceLastRr } of reports) {
      writer.uint32(ssrc)
      writer.uint32(lastRr)
      writer.uint32(delaySinceLastRr)
    }
  },
  opaque: (writer, { blockType, typeSpecific, body }) => {
    writeBlockHeader(writer, blockType, typeSpecific, body.length)
    writer.put(body)
  },
}

export const extendedReport: PacketType<ExtendedReport> = {
  type: 207,
  decode(bytes, start, end) {
    if (start + 4 > end) return undefined
    const blocks: ExtendedReportBlock[] = []
    for (let at = start + 4; at < end; ) {
      const body = at + 4
      if (body > end) return undefined
      const next = body + 4 * uint16At(bytes, at + 2)
      if (next > end) return undefined
      const block = readBlock(bytes, at, next)
      if (!block) return undefined
      blocks.push(block)
      at = next
    }
    return { ssrc: uint32At(bytes, start), blocks }
  },
  encode(writer, { ssrc, blocks }) {
    writer.uint32(ssrc)
    for (const block of blocks) writeBlock(writer, block.kind, block)
  },
}

function readBlock(bytes: Uint8Array, start: number, end: number): ExtendedReportBlock | undefined {
  const blockType = byteAt(bytes, start)
  const decode = decoders[blockType]
  if (decode) return decode(bytes, start + 4, end)
  return { kind: 'opaque', blockType, typeSpecific: byteAt(bytes, start + 1), body: bytes.subarray(start + 4, end) }
}

function writeBlock<Kind extends ExtendedReportBlock['kind']>(
  writer: Writer,
  kind: Kind,
  block: Extract<ExtendedReportBlock, { kind: Kind }>,
): void {
  encoders[kind](writer, block)
}

function writeBlockHeader(writer: Writer, blockType: number, typeSpecific: number, length: number): void {
  if (length % 4) throw new EncodeError(writer.place, `an XR block of ${length} bytes`)
  writer.uint8(blockType)
  writer.uint8(typeSpecific)
  writer.uint16(length / 4)
}
