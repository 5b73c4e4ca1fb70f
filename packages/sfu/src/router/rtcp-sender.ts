import { CompoundWriter, type RtcpKind, type RtcpPackets } from '@parley/rtp'
import type { RtpTransport } from '../ports.ts'

/** Bytes of one datagram, its protection and the headers below not counted. */
const roomBytes = 1200
/** Beyond this the next packet goes into another datagram. */
const fullBytes = 900

/** Writes RTCP to one transport, several packets to a datagram. Shared by all, since each datagram is sent at once. */
export class RtcpSender {
  readonly #bytes = new Uint8Array(roomBytes)
  readonly #writer = new CompoundWriter()

  /** Sends one packet on its own (RFC 5506). */
  send<Kind extends RtcpKind>(transport: RtpTransport, kind: Kind, packet: RtcpPackets[Kind], now: number): boolean {
    return this.begin().add(kind, packet).flush(transport, now)
  }

  begin(): this {
    this.#writer.target(this.#bytes)
    return this
  }

  add<Kind extends RtcpKind>(kind: Kind, packet: RtcpPackets[Kind]): this {
    this.#writer.add(kind, packet)
    return this
  }

  get full(): boolean {
    return this.#writer.length > fullBytes
  }

  /** Sends what was added; false if it cannot go out. */
  flush(transport: RtpTransport, now: number): boolean {
    const { end } = this.#writer
    return end > 0 && transport.connected && transport.sendRtcp(this.#bytes, 0, end, now)
  }
}
