import { RtpPacket } from '@parley/rtp'
import type { RtpTransport } from '../../ports.ts'

const outgoingBytes = 1 << 16
const largestPacket = 2048

/** A transport without encryption: what the router sends is handed on as bytes. */
export class TestTransport implements RtpTransport {
  readonly id: number
  connected = true
  readonly outgoing = new Uint8Array(outgoingBytes)
  /** Set to see what leaves; the bytes are the receiver's. */
  onRtp: (bytes: Uint8Array, now: number) => void = () => {}
  onRtcp: (bytes: Uint8Array, now: number) => void = () => {}
  #at = 0

  constructor(id: number) {
    this.id = id
  }

  reserve(bytes: number): number {
    if (this.#at + Math.max(bytes, largestPacket) > outgoingBytes) this.#at = 0
    return this.#at
  }

  sendRtp(
    at: number,
    headerEnd: number,
    source: Uint8Array,
    payloadStart: number,
    payloadEnd: number,
    now: number,
  ): boolean {
    if (!this.connected) return false
    const bytes = new Uint8Array(headerEnd - at + payloadEnd - payloadStart)
    bytes.set(this.outgoing.subarray(at, headerEnd))
    bytes.set(source.subarray(payloadStart, payloadEnd), headerEnd - at)
    // Encryption begins where the header says that it ends.
    if (parsed(bytes).payloadStart !== headerEnd - at) throw new Error('the header ends elsewhere')
    this.#at = headerEnd
    this.onRtp(bytes, now)
    return true
  }

  sendRtcp(bytes: Uint8Array, start: number, end: number, now: number): boolean {
    if (!this.connected) return false
    this.onRtcp(bytes.slice(start, end), now)
    return true
  }
}

/** A packet of bytes that are one, for tests. */
export function parsed(bytes: Uint8Array): RtpPacket {
  const packet = new RtpPacket()
  if (!packet.parse(bytes, 0, bytes.length)) throw new Error('not an RTP packet')
  return packet
}
