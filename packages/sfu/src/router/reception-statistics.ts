import { compactNtp, compactNtpSpan, type NtpTime, type ReportBlock } from '@parley/rtp'

/** Counts what of a publisher's stream arrived, for receiver reports (RFC 3550 §6.4.1, §A.3, §A.8). */
export class ReceptionStatistics {
  /** How many packets the last report is about. */
  expected = 0
  #first = Number.NaN
  #highest = 0
  #received = 0
  #expectedBefore = 0
  #receivedBefore = 0
  #jitter = 0
  #transit = Number.NaN
  #clockRate = 0
  #lastSr = 0
  #lastSrAt = 0

  /** A packet that came on its own, not as a retransmission; with `restarted`, the numbering begins anew with it. */
  received(extended: number, rtpTimestamp: number, clockRate: number, restarted: boolean, now: number): void {
    if (restarted || Number.isNaN(this.#first)) this.#restart(extended)
    if (clockRate !== this.#clockRate) this.#transit = Number.NaN
    this.#clockRate = clockRate
    if (extended > this.#highest) this.#highest = extended
    this.#received++
    const transit = ((now * clockRate) / 1000 - rtpTimestamp) % 0x100000000
    if (!Number.isNaN(this.#transit)) {
      const change = Math.abs((transit - this.#transit) | 0)
      this.#jitter += (change - this.#jitter) / 16
    }
    this.#transit = transit
  }

  #restart(extended: number): void {
    this.#first = extended
    this.#highest = extended
    this.#received = 0
    this.#expectedBefore = 0
    this.#receivedBefore = 0
    this.#transit = Number.NaN
  }

  senderReport(ntp: NtpTime, now: number): void {
    this.#lastSr = compactNtp(ntp)
    this.#lastSrAt = now
  }

  /** The block for the next report, or undefined if nothing has come since the last. */
  report(ssrc: number, now: number): ReportBlock | undefined {
    const received = this.#received - this.#receivedBefore
    if (received === 0) return undefined
    const expectedSoFar = this.#highest - this.#first + 1
    const expected = expectedSoFar - this.#expectedBefore
    const lost = expected - received
    this.expected = expected
    this.#expectedBefore = expectedSoFar
    this.#receivedBefore = this.#received
    return {
      ssrc,
      fractionLost: lost <= 0 ? 0 : Math.min(255, Math.floor((lost << 8) / expected)),
      cumulativeLost: expectedSoFar - this.#received,
      highestSequenceNumber: this.#highest % 0x100000000,
      jitter: Math.floor(this.#jitter),
      lastSr: this.#lastSr,
      delaySinceLastSr: this.#lastSr === 0 ? 0 : compactNtpSpan(now - this.#lastSrAt),
    }
  }
}
