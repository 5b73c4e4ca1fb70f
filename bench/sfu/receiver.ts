import { CompoundWriter, type RtpPacket } from '@parley/rtp'
import { ArrivalReporter, type SfuClient } from '@parley/sfu/testing'
import { wallMs } from './load-messages.ts'
import { stampBytes } from './sender.ts'

const reportMs = 1000
/** Between transport-wide feedback; browsers take 50 to 250 ms. */
const feedbackMs = 100
const writer = new CompoundWriter()
const rtcp = new Uint8Array(200)

/** Counts what arrives and reports it, as a browser does: servers give up receivers that send no reports. */
export class Receiver {
  readonly client: SfuClient
  readonly #ownSsrc: number
  readonly #arrivals: ArrivalReporter | undefined
  #feedbackDue = 0
  #sourceSsrc = 0
  #highest = 0
  #reportDue = 0
  /** RTP packets that came in, decrypted or not. */
  received = 0
  /** Whether it has had a key frame, from which on there is a picture. */
  begun = false
  #any = false

  /** @param extensionId Of the transport-wide sequence number; undefined: arrivals are not reported. */
  constructor(client: SfuClient, ownSsrc: number, extensionId: number | undefined) {
    this.client = client
    this.#ownSsrc = ownSsrc
    this.#arrivals = extensionId === undefined ? undefined : new ArrivalReporter(extensionId)
  }

  /** An RTP packet has arrived, encrypted as it is. */
  arrived(bytes: Uint8Array, start: number, end: number, now: number): void {
    this.received++
    this.#arrivals?.arrived(bytes, start, end, now)
  }

  /** Takes a decrypted packet; returns how long it was under way, in ms. */
  take({ bytes, payloadStart, payloadEnd, ssrc, sequenceNumber }: RtpPacket): number {
    this.begun ||= bytes[payloadStart] === 0x10 && ((bytes[payloadStart + 1] as number) & 1) === 0
    this.#sourceSsrc = ssrc
    this.#any = true
    const ahead = (sequenceNumber - this.#highest) & 0xffff
    if (ahead < 0x8000) this.#highest += ahead
    const view = new DataView(bytes.buffer, bytes.byteOffset + payloadEnd - stampBytes, stampBytes)
    return wallMs() - view.getFloat64(0)
  }

  handleTimeout(now: number): void {
    if (this.#arrivals && now >= this.#feedbackDue && this.client.connected) {
      // Spread: browsers do not report in step.
      this.#feedbackDue = now + feedbackMs * (0.5 + Math.random())
      this.#arrivals.report((bytes, start, end) => this.client.sendRtcp(bytes, start, end))
    }
    if (this.#reportDue > now || !this.client.connected) return
    this.#reportDue = now + reportMs
    const block = {
      ssrc: this.#sourceSsrc,
      fractionLost: 0,
      cumulativeLost: 0,
      highestSequenceNumber: this.#highest,
      jitter: 0,
      lastSr: 0,
      delaySinceLastSr: 0,
    }
    const reports = this.#any ? [block] : []
    const { end } = writer.target(rtcp).add('receiverReport', { ssrc: this.#ownSsrc, reports })
    this.client.sendRtcp(rtcp, 0, end)
  }
}
