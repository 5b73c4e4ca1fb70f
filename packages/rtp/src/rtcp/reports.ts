import { byteAt, uint32At, type Writer } from '@parley/bytes'
import type { NtpTime } from './ntp.ts'
import type { PacketType } from './packet-type.ts'

/** What a receiver says about one stream (RFC 3550 §6.4.1). */
export interface ReportBlock {
  readonly ssrc: number
  /** Lost since the last report, in 1/256 of what was expected: 0 to 255. */
  readonly fractionLost: number
  /** Lost since the beginning, 24 bits with sign: duplicates can make it negative. */
  readonly cumulativeLost: number
  /** The highest sequence number received, with the count of roll-overs in the upper 16 bits. */
  readonly highestSequenceNumber: number
  /** Interarrival jitter, in units of the RTP timestamp. */
  readonly jitter: number
  /** The middle 32 bits of the NTP time in the last sender report that it received; 0 if it received none. */
  readonly lastSr: number
  /** The time since that report came, in 1/65,536 s. */
  readonly delaySinceLastSr: number
}

/** What a sender says about its stream, and about the streams that it receives: SR (RFC 3550 §6.4.1). */
export interface SenderReport {
  readonly ssrc: number
  /** When it was sent, by the sender's wall clock. */
  readonly ntp: NtpTime
  /** The same moment on the stream's RTP clock. */
  readonly rtpTimestamp: number
  /** Packets and payload bytes sent so far, modulo 2^32. */
  readonly packetCount: number
  readonly octetCount: number
  readonly reports: readonly ReportBlock[]
}

const senderInfoLength = 24

export const senderReport: PacketType<SenderReport> = {
  type: 200,
  decode(bytes, start, end, count) {
    const reports = readReportBlocks(bytes, start + senderInfoLength, end, count)
    if (!reports) return undefined
    return {
      ssrc: uint32At(bytes, start),
      ntp: { seconds: uint32At(bytes, start + 4), fraction: uint32At(bytes, start + 8) },
      rtpTimestamp: uint32At(bytes, start + 12),
      packetCount: uint32At(bytes, start + 16),
      octetCount: uint32At(bytes, start + 20),
      reports,
    }
  },
  encode(writer, report) {
    writer.uint32(report.ssrc)
    writer.uint32(report.ntp.seconds)
    writer.uint32(report.ntp.fraction)
    writer.uint32(report.rtpTimestamp)
    writer.uint32(report.packetCount)
    writer.uint32(report.octetCount)
    writeReportBlocks(writer, report.reports)
  },
  count: ({ reports }) => reports.length,
}

/** What somebody who does not send says about the streams that it receives: RR (RFC 3550 §6.4.2). */
export interface ReceiverReport {
  readonly ssrc: number
  readonly reports: readonly ReportBlock[]
}

export const receiverReport: PacketType<ReceiverReport> = {
  type: 201,
  decode(bytes, start, end, count) {
    const reports = readReportBlocks(bytes, start + 4, end, count)
    return reports && { ssrc: uint32At(bytes, start), reports }
  },
  encode(writer, { ssrc, reports }) {
    writer.uint32(ssrc)
    writeReportBlocks(writer, reports)
  },
  count: ({ reports }) => reports.length,
}

const blockLength = 24
const maxLost = 0x7fffff

/** Reads `count` blocks; undefined if they do not fit. */
function readReportBlocks(bytes: Uint8Array, start: number, end: number, count: number): ReportBlock[] | undefined {
  if (start + count * blockLength > end) return undefined
  return Array.from({ length: count }, (_, i) => readReportBlock(bytes, start + i * blockLength))
}

function readReportBlock(bytes: Uint8Array, at: number): ReportBlock {
  return {
    ssrc: uint32At(bytes, at),
    fractionLost: byteAt(bytes, at + 4),
    cumulativeLost: (uint32At(bytes, at + 4) << 8) >> 8,
    highestSequenceNumber: uint32At(bytes, at + 8),
    jitter: uint32At(bytes, at + 12),
    lastSr: uint32At(bytes, at + 16),
    delaySinceLastSr: uint32At(bytes, at + 20),
  }
}

/** A loss count that does not fit into 24 bits is written as the nearest one that does. */
function writeReportBlocks(writer: Writer, reports: readonly ReportBlock[]): void {
  for (const report of reports) {
    writer.uint32(report.ssrc)
    writer.uint8(report.fractionLost)
    writer.uint24(Math.max(-maxLost - 1, Math.min(maxLost, report.cumulativeLost)) & 0xffffff)
    writer.uint32(report.highestSequenceNumber)
    writer.uint32(report.jitter)
    writer.uint32(report.lastSr)
    writer.uint32(report.delaySinceLastSr)
  }
}
