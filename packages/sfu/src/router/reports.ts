import { type ReportBlock, type SdesChunk, type SenderReport, sdesItemTypes } from '@parley/rtp'
import type { RtpTransport } from '../ports.ts'
import { LossShare } from './loss-share.ts'
import type { Publication } from './publication.ts'
import type { RtcpSender } from './rtcp-sender.ts'
import type { Subscription } from './subscription.ts'

/** What publishers may send where they only know REMB; the network says the rest, by its losses. */
const generousBps = 50_000_000
/** Sender reports, or blocks of a receiver report, in one datagram; at most 31 of the latter (RFC 3550 §6.4.2). */
const perDatagram = 12

export interface ReportsOptions {
  readonly rtcp: RtcpSender
  /** Of receiver reports. */
  readonly senderSsrc: number
  readonly cname: string
}

/**
 * Writes a transport's reports (RFC 3550 §6.4): of what its publications deliver, and of what its subscriptions were sent.
 * Every compound begins with a report and names its sources.
 */
export class Reports {
  readonly #options: ReportsOptions
  readonly #loss = new LossShare()

  constructor(options: ReportsOptions) {
    this.#options = options
  }

  /** @returns The share of packets that were lost on their way here, 0 to 1; undefined: not known, or none come. */
  send(
    transport: RtpTransport,
    publications: Iterable<Publication>,
    subscriptions: Iterable<Subscription>,
    now: number,
  ): number | undefined {
    const loss = this.#reportReception(transport, publications, now)
    let reports: SenderReport[] = []
    let chunks: SdesChunk[] = []
    for (const { sink } of subscriptions) {
      const report = sink.senderReport(now)
      if (!report) continue
      reports.push(report)
      chunks.push(chunk(report.ssrc, sink.media.cname))
      if (reports.length < perDatagram) continue
      this.#reportSending(transport, reports, chunks, now)
      reports = []
      chunks = []
    }
    if (reports.length > 0) this.#reportSending(transport, reports, chunks, now)
    return loss
  }

  #reportSending(transport: RtpTransport, reports: SenderReport[], chunks: SdesChunk[], now: number): void {
    const rtcp = this.#options.rtcp.begin()
    for (const report of reports) rtcp.add('senderReport', report)
    rtcp.add('sourceDescription', { chunks }).flush(transport, now)
  }

  #reportReception(transport: RtpTransport, publications: Iterable<Publication>, now: number): number | undefined {
    const { rtcp, senderSsrc, cname } = this.#options
    const blocks: ReportBlock[] = []
    const limited: number[] = []
    let lost = 0
    let expected = 0
    for (const publication of publications) {
      for (const stream of publication.streams) {
        const block = stream?.statistics.report(stream.ssrc, now)
        if (!stream || !block) continue
        blocks.push(block)
        lost += (stream.statistics.expected * block.fractionLost) / 256
        expected += stream.statistics.expected
        if (onlyRemb(publication)) limited.push(block.ssrc)
      }
    }
    const name = { chunks: [chunk(senderSsrc, cname)] }
    for (let i = 0; i < blocks.length; i += perDatagram) {
      const reports = blocks.slice(i, i + perDatagram)
      rtcp.begin().add('receiverReport', { ssrc: senderSsrc, reports }).add('sourceDescription', name)
      const ssrcs = limited.filter(ssrc => reports.some(report => report.ssrc === ssrc))
      if (ssrcs.length > 0) {
        rtcp.add('receiverEstimatedBitrate', { senderSsrc, mediaSsrc: 0, bitrateBps: generousBps, ssrcs })
      }
      rtcp.flush(transport, now)
    }
    if (expected > 0) this.#loss.count(lost, expected)
    else this.#loss.reset()
    return this.#loss.value
  }
}

function chunk(ssrc: number, cname: string): SdesChunk {
  return { ssrc, items: [{ type: sdesItemTypes.cname, text: cname }] }
}

function onlyRemb({ media }: Publication): boolean {
  const agreed = media.codecs.flatMap(({ feedback }) => feedback)
  return agreed.includes('goog-remb') && !agreed.includes('transport-cc')
}
