import { compactNtp, ntpFromUnixMs, type SenderReport, unixMsFromNtp } from '@parley/rtp'
import type { SourceReport } from './tap.ts'

/** Nobody is sent more between two reports. */
const mostExpected = 100_000

/** Counts what a subscriber is sent, for sender reports (RFC 3550 §6.4.1), and learns the round trip from the answers to them. */
export class SendingStatistics {
  /** Of payloads. */
  octets = 0
  /** ms; NaN: not measured yet. */
  roundTripMs = Number.NaN
  #packets = 0
  /** What the last report counted. */
  #packetsReported = 0
  /** Of the last receiver report; NaN: there was none. */
  #highest = Number.NaN
  #lastSr = 0
  #lastSrAt = 0

  sent(octets: number): void {
    this.#packets++
    this.octets += octets
  }

  /** What is sent from now on has another SSRC. */
  restart(): void {
    this.octets = 0
    this.#packets = 0
    this.#packetsReported = 0
    this.#highest = Number.NaN
  }

  /**
   * The publisher's last report, moved to now and to this subscriber's timestamps; undefined: there is nothing to tell,
   * since nothing was sent after the last.
   */
  report(
    ssrc: number,
    last: SourceReport | undefined,
    timestampOf: (timestamp: number) => number,
    now: number,
  ): SenderReport | undefined {
    if (!last || this.#packets === this.#packetsReported) return undefined
    this.#packetsReported = this.#packets
    const sinceMs = now - last.at
    const ntp = ntpFromUnixMs(unixMsFromNtp(last.ntp) + sinceMs)
    this.#lastSr = compactNtp(ntp)
    this.#lastSrAt = now
    const ticks = Math.round((sinceMs * last.clockRate) / 1000)
    return {
      ssrc,
      ntp,
      rtpTimestamp: timestampOf(last.rtpTimestamp + ticks),
      packetCount: this.#packets % 0x100000000,
      octetCount: this.octets % 0x100000000,
      reports: [],
    }
  }

  /** How many packets a receiver report is about: a silent voice sends few. */
  expected(highestSequenceNumber: number): number {
    const growth = Number.isNaN(this.#highest) ? this.#packets : (highestSequenceNumber - this.#highest) >>> 0
    this.#highest = highestSequenceNumber
    return growth < mostExpected ? growth : 0
  }

  /** A receiver report (RFC 3550 §6.4.1): if it answers the last sender report, it tells the round trip. */
  answered(lastSr: number, delaySinceLastSr: number, now: number): void {
    if (lastSr === 0 || lastSr !== this.#lastSr) return
    const sample = Math.max(0, now - this.#lastSrAt - delaySinceLastSr / 65.536)
    this.roundTripMs = Number.isNaN(this.roundTripMs) ? sample : (7 * this.roundTripMs + sample) / 8
  }
}
