import { uint32At } from '@parley/bytes'
import type { NtpTime } from './ntp.ts'
import type { PacketType } from './packet-type.ts'
import { type ReportBlock, readReportBlocks, writeReportBlocks } from './report-block.ts'

/** SR (RFC 3550 §6.4.1). */
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
