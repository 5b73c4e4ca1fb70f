import { byteAt, uint32At, type Writer } from '@parley/bytes'

/** What a receiver says of one stream (RFC 3550 §6.4.1). */
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
  /** The middle 32 bits of the last sender report's NTP time; 0 if none came. */
  readonly lastSr: number
  /** Since that report came, in 1/65,536 s. */
  readonly delaySinceLastSr: number
}

const blockLength = 24
const maxLost = 0x7fffff

/** Reads `count` blocks; undefined if they do not fit. */
export function readReportBlocks(
  bytes: Uint8Array,
  start: number,
  end: number,
  count: number,
): ReportBlock[] | undefined {
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

/** Losses beyond 24 bits are written as the most that fits. */
export function writeReportBlocks(writer: Writer, reports: readonly ReportBlock[]): void {
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
