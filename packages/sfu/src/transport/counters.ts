import type { Refusal } from '@parley/srtp'

/** What all transports count together. Plain numbers, so that those of several threads can be added up. */
export interface TransportCounters {
  rtpReceived: number
  rtcpReceived: number
  /** Bytes of RTP and RTCP, as on the wire. */
  bytesReceived: number
  rtpSent: number
  rtcpSent: number
  bytesSent: number
  /** The tag was wrong: forged, damaged, or not protected at all. */
  forged: number
  /** Received before, or too late to tell. */
  replayed: number
  /** Too short, of another version, or with fields that contradict its length. */
  malformed: number
  /** Not sent: the key has had as many SSRCs as it may. */
  tooManySsrcs: number
  /** Dropped: more than one peer may send in a second. */
  overLimit: number
  /** RTP or RTCP before there were keys. */
  early: number
  /** DTLS before the peer's fingerprint was known. The peer will send it again. */
  dtlsEarly: number
  /** DTLS, RTP or RTCP from an address that no peer has checked. */
  unknownAddress: number
  /** Not sent: not connected, or without consent. */
  unsent: number
  /** Not sent: the key is exhausted, or its nonce would have been used twice. */
  unprotected: number
  /** Not sent: the socket refused it. */
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

/** Which counter goes up when SRTP refuses a packet. */
export const countedAs: Readonly<Record<Refusal, keyof TransportCounters>> = {
  malformed: 'malformed',
  replayed: 'replayed',
  forged: 'forged',
  tooManySsrcs: 'tooManySsrcs',
  repeated: 'unprotected',
  exhausted: 'unprotected',
  noRoom: 'unprotected',
}
