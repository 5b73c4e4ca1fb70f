import { sequenceDistance, uint16At } from '@parley/bytes'
import { type ArrivalTime, CompoundWriter, feedbackOf, RtpPacket } from '@parley/rtp'

const writer = new CompoundWriter()
const target = new Uint8Array(4000)

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

  /** Takes an RTP packet, which may be encrypted, and returns it parsed; it is the reporter's own. */
  arrived(bytes: Uint8Array, start: number, end: number, now: number): RtpPacket {
    const packet = this.#packet
    packet.parse(bytes, start, end)
    const at = packet.findExtension(this.#extensionId)
    if (at > 0) this.#arrivals.push({ sequenceNumber: uint16At(bytes, at), arrivalUs: now * 1000 })
    return packet
  }

  /** Reports what arrived since the last time, if anything did. */
  report(send: (bytes: Uint8Array, start: number, end: number) => void): void {
    const arrivals = this.#arrivals
    if (arrivals.length === 0) return
    arrivals.sort((one, other) => sequenceDistance(other.sequenceNumber, one.sequenceNumber))
    const first = arrivals[0]?.sequenceNumber ?? 0
    const { taken: _, ...report } = feedbackOf(this.#base < 0 ? first : this.#base, arrivals)
    this.#base = ((arrivals.at(-1)?.sequenceNumber ?? 0) + 1) & 0xffff
    this.#arrivals = []
    const feedback = { senderSsrc: 1, mediaSsrc: 1, feedbackPacketCount: 0, ...report }
    const { end } = writer.target(target).add('transportFeedback', feedback)
    send(target, 0, end)
  }
}
