import { CompoundWriter, ntpFromUnixMs, readCompound } from '@parley/rtp'
import type { SfuClient } from '@parley/sfu/testing'
import { type Rate, wallMs } from './load-messages.ts'
import { extensionIds, payloadType } from './sdp.ts'

/** The size of a whole packet, without what SRTP adds. */
const packetBytes = 1100
const headerBytes = 20
/** The last bytes of the payload hold the time of sending. */
export const stampBytes = 8
const framesPerSecond = 30
const reportMs = 1000

/** Sends what looks like VP8 at 30 pictures a second, with a key frame each second, and sender reports. */
export class Sender {
  readonly client: SfuClient
  readonly #ssrc: number
  readonly #header = new Uint8Array(headerBytes)
  readonly #headerView = new DataView(this.#header.buffer)
  readonly #payload = new Uint8Array(packetBytes - headerBytes)
  readonly #payloadView = new DataView(this.#payload.buffer)
  readonly #rtcp = new Uint8Array(200)
  readonly #writer = new CompoundWriter()
  #rate: Rate = { perSecond: 0, burst: 1 }
  #due = Number.POSITIVE_INFINITY
  #reportDue = 0
  #packets = 0
  #frame = 0
  /** The frame that is being sent, and how many of its packets are left. */
  #begun = 0
  #left = 0
  /** The frame that has to be a key frame at the latest. */
  #keyFrameDue = 0
  sent = 0

  constructor(client: SfuClient, ssrc: number) {
    this.client = client
    this.#ssrc = ssrc
    // Extension with the transport-wide sequence number (RFC 8285 §4.2).
    this.#header.set([0x90, payloadType, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xbe, 0xde, 0, 1])
    this.#header[16] = (extensionIds.transportSequenceNumber << 4) | 1
    this.#headerView.setUint32(8, ssrc)
  }

  send(rate: Rate, now: number): void {
    this.#rate = rate
    this.#due = rate.perSecond > 0 ? now : Number.POSITIVE_INFINITY
  }

  nextTimeout(): number {
    return this.client.connected ? this.#due : Number.POSITIVE_INFINITY
  }

  handleTimeout(now: number): void {
    if (!this.client.connected) return
    const { perSecond, burst } = this.#rate
    while (this.#due <= now) {
      for (let i = 0; i < burst; i++) this.#sendPacket()
      this.#due += (1000 * burst) / perSecond
    }
    if (this.#reportDue > now) return
    this.#reportDue = now + reportMs
    this.#report()
  }

  /** Takes the server's RTCP: a request for a key frame is met with the next picture. */
  hear(bytes: Uint8Array, start: number, end: number): void {
    const wanted = () => {
      this.#keyFrameDue = 0
    }
    readCompound(bytes, start, end, { pictureLossIndication: wanted, fullIntraRequest: wanted })
  }

  #sendPacket(): void {
    const { client } = this
    if (this.#left === 0) {
      this.#left = Math.max(1, Math.round(this.#rate.perSecond / framesPerSecond))
      this.#frame++
    }
    this.#writePicture()
    const number = this.#packets++
    this.#left--
    this.#header[1] = payloadType | (this.#left === 0 ? 0x80 : 0)
    this.#headerView.setUint16(2, number & 0xffff)
    this.#headerView.setUint32(4, this.#timestamp)
    this.#headerView.setUint16(17, number & 0xffff)
    this.#payloadView.setFloat64(this.#payload.length - stampBytes, wallMs())
    const at = client.reserve(packetBytes)
    client.outgoing.set(this.#header, at)
    client.sendRtp(at, at + headerBytes, this.#payload, 0, this.#payload.length)
    this.sent++
  }

  /** Descriptor (RFC 7741 §4.2), then the frame's header with its P bit, and of a key frame the start code and size. */
  #writePicture(): void {
    const begins = this.#frame !== this.#begun
    this.#begun = this.#frame
    this.#payload[0] = begins ? 0x10 : 0
    if (!begins) return
    const isKey = this.#frame >= this.#keyFrameDue
    if (isKey) this.#keyFrameDue = this.#frame + framesPerSecond
    this.#payload.set([isKey ? 0x10 : 0x11, 0, 0, 0x9d, 0x01, 0x2a], 1)
  }

  get #timestamp(): number {
    return (this.#frame * (90_000 / framesPerSecond)) >>> 0
  }

  #report(): void {
    const report = {
      ssrc: this.#ssrc,
      ntp: ntpFromUnixMs(wallMs()),
      rtpTimestamp: this.#timestamp,
      packetCount: this.#packets,
      octetCount: this.#packets * this.#payload.length,
      reports: [],
    }
    const { end } = this.#writer.target(this.#rtcp).add('senderReport', report)
    this.client.sendRtcp(this.#rtcp, 0, end)
  }
}
