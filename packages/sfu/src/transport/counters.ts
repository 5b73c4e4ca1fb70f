import type { Refusal } from '@parley/srtp'

/** What transports count, together; plain numbers, so that threads can add theirs up. */
export interface TransportCounters {
  rtpReceived: number
  rtcpReceived: number
  /** As on the wire, RTP and RTCP. */
  bytesReceived: number
  rtpSent: number
  rtcpSent: number
  bytesSent: number
  /** The tag was wrong: forged, damaged, or not protected at all. */
  forged: number
  /** Came before, or too late to say. */
  replayed: number
  /** Too short, of another version, or what its own fields say does not fit. */
  malformed: number
  /** Not sent: one SSRC more than a key may have, since none may be used twice. */
  tooManySsrcs: number
  /** Beyond what one peer may send in a second. */
  overLimit: number
  /** RTP or RTCP before there were keys. */
  early: number
  /** DTLS before the peer's fingerprint was known; it will come again. */
  dtlsEarly: number
  /** DTLS, RTP or RTCP from an address that no peer has shown to be its own. */
  unknownAddress: number
  /** Not sent: not connected, or without consent. */
  unsent: number
  /** Not sent: it would have used up or repeated what protects. */
  unprotected: number
  /** Not sent: the socket did not take it. */
  blocked: number
  /** Handshakes that were finished, and that failed. */
  handshakesDone: number
  handshakesFailed: number
}

export function emptyTransportCounters(): TransportCounters {
  return {
    rtpReceived: 0,
    rtcpReceived: 0,
    bytesReceived: 0,
    rtpSent: 0,
    rtcpSent: 0,
    bytesSent: 0,
    forged: 0,
    replayed: 0,
    malformed: 0,
    tooManySsrcs: 0,
    overLimit: 0,
    early: 0,
    dtlsEarly: 0,
    unknownAddress: 0,
    unsent: 0,
    unprotected: 0,
    blocked: 0,
    handshakesDone: 0,
    handshakesFailed: 0,
  }
}

/** What is counted when SRTP refuses a packet. */
export const countedAs: Readonly<Record<Refusal, keyof TransportCounters>> = {
  malformed: 'malformed',
  replayed: 'replayed',
  forged: 'forged',
  tooManySsrcs: 'tooManySsrcs',
  repeated: 'unprotected',
  exhausted: 'unprotected',
  noRoom: 'unprotected',
}
