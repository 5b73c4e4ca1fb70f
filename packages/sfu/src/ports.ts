import type { RtpPacket } from '@parley/rtp'

/** Towards one peer, as the router sees it: packets in, packets out; encryption and addresses are the transport's. */
export interface RtpTransport {
  readonly id: number
  /** ICE and DTLS are done: what is sent leaves. */
  readonly connected: boolean
  /** Memory that outgoing packets are written to. */
  readonly outgoing: Uint8Array
  /** Room for a packet of so many bytes, its protection not counted; an offset in `outgoing`, good until it is sent. */
  reserve(bytes: number): number
  /**
   * Protects and sends an RTP packet: its header lies in `outgoing` from `at` to `headerEnd`, where the payload, read from
   * `source`, follows. False if it cannot go out; counted there.
   */
  sendRtp(
    at: number,
    headerEnd: number,
    source: Uint8Array,
    payloadStart: number,
    payloadEnd: number,
    now: number,
  ): boolean
  /** Protects and sends a compound RTCP packet; the bytes are copied. */
  sendRtcp(bytes: Uint8Array, start: number, end: number, now: number): boolean
}

/**
 * The way to other routers, which are known by their numbers: datagrams, which may be lost. Where they are, and whether they are
 * threads or machines, is the carrier's affair.
 */
export interface PipeCarrier {
  /** Memory that datagrams are written to. */
  readonly outgoing: Uint8Array
  /** Room for so many bytes; an offset in `outgoing`, good until it is sent. */
  reserve(bytes: number): number
  /** Sends what lies in `outgoing` to a router. False if it cannot go out. */
  send(to: number, start: number, end: number): boolean
}

/** What a transport does with what arrives, once it is decrypted. The packet and its bytes are the router's until it returns. */
export interface RtpReceiver {
  receiveRtp(transport: RtpTransport, packet: RtpPacket, now: number): void
  /** A compound packet, without its protection. */
  receiveRtcp(transport: RtpTransport, bytes: Uint8Array, start: number, end: number, now: number): void
  /** It can send from now on; comes again when it was disconnected in between. */
  transportConnected(transport: RtpTransport, now: number): void
  /** Once, also for one that never connected. */
  transportClosed(transport: RtpTransport, now: number): void
}
