import { emptyIceCounters, type IceCounters } from '../ice/counters.ts'
import { emptyTransportCounters, type TransportCounters } from '../transport/counters.ts'

/** What a media worker counts; plain numbers, so that threads can add theirs up. */
export interface MediaCounters extends IceCounters, TransportCounters {
  /** Open at present, and of them connected. */
  transports: number
  connected: number
  /** Addresses that peers have shown to be theirs, at present. */
  addresses: number
  /** Under way at present. */
  handshakes: number
  /** Datagrams that would have begun one more handshake than is allowed at a time. */
  handshakesRefused: number
  /** Handshakes that were stalled, and given up for others. */
  handshakesGaveWay: number
}

export function emptyMediaCounters(): MediaCounters {
  return {
    ...emptyIceCounters(),
    ...emptyTransportCounters(),
    transports: 0,
    connected: 0,
    addresses: 0,
    handshakes: 0,
    handshakesRefused: 0,
    handshakesGaveWay: 0,
  }
}
