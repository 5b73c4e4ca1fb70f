import { uint32At } from '@parley/bytes'
import type { PacketType } from './packet-type.ts'
import { type ReportBlock, readReportBlocks, writeReportBlocks } from './report-block.ts'

/** RR (RFC 3550 §6.4.2). */
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
