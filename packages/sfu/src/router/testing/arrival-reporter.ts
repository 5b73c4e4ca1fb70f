import { sequenceDistance, uint16At } from '@parley/bytes'
import { type ArrivalTime, CompoundWriter, feedbackOf, RtpPacket } from '@parley/rtp'
import type { Router } from '../router.ts'
import type { TestTransport } from './test-transport.ts'

/** A receiver that tells when packets arrived, by transport-wide feedback. */
export class ArrivalReporter {
  readonly #extensionId: number
  readonly #packet = new RtpPacket()
  #arrivals: ArrivalTime[] = []
  #base = -1

  /** @param extensionId Of the transport-wide sequence number. */
  constructor(extensionId: number) {
    this.#extensionId = extensionId
  }

  /** Takes an RTP packet, and returns it parsed; it is the reporter's own. */
  arrived(bytes: Uint8Array, now: number): RtpPacket {
    const packet = this.#packet
    packet.parse(bytes, 0, bytes.length)
    const sequenceNumber = uint16At(bytes, packet.findExtension(this.#extensionId))
    this.#arrivals.push({ sequenceNumber, arrivalUs: now * 1000 })
    return packet
  }

  /** Reports what arrived since the last time, if anything did. */
  report(router: Router, transport: TestTransport, now: number): void {
    const arrivals = this.#arrivals
    if (arrivals.length === 0) return
    arrivals.sort((one, other) => sequenceDistance(other.sequenceNumber, one.sequenceNumber))
    const first = arrivals[0]?.sequenceNumber ?? 0
    const { taken: _, ...report } = feedbackOf(this.#base < 0 ? first : this.#base, arrivals)
    this.#base = ((arrivals.at(-1)?.sequenceNumber ?? 0) + 1) & 0xffff
    this.#arrivals = []
    const bytes = new Uint8Array(4000)
    const feedback = { senderSsrc: 1, mediaSsrc: 1, feedbackPacketCount: 0, ...report }
    const { end } = new CompoundWriter().target(bytes).add('transportFeedback', feedback)
    router.receiveRtcp(transport, bytes, 0, end, now)
  }
}
