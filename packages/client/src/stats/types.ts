import type { TrackSource } from '@parley/protocol'

/**
 * Something that makes sound and pictures bad. `slow-encoding`, `slow-decoding`: this device is too slow for what it sends, or
 * for what it receives. `thin-uplink`, `thin-downlink`: its connection has too little bandwidth in that direction; between two
 * people, it may be the other one's connection.
 */
export type Trouble = 'slow-encoding' | 'slow-decoding' | 'thin-uplink' | 'thin-downlink'

export interface TrackStats {
  readonly id: string
  readonly source: TrackSource
  readonly direction: 'in' | 'out'
  readonly codec: string | undefined
  readonly bitrateBps: number | undefined
  /** Share of packets lost since the last measurement, 0..1; undefined also if these were too few, as of a silent voice. */
  readonly loss: number | undefined
  readonly jitterMs: number | undefined
  readonly width: number | undefined
  readonly height: number | undefined
  readonly framesPerSecond: number | undefined
  readonly framesDecoded: number | undefined
  readonly freezeCount: number | undefined
  readonly totalAudioEnergy: number | undefined
  /** What limits the quality of video that we send (`qualityLimitationReason`, webrtc-stats §8.7); absent for what we receive. */
  readonly limitedBy?: 'none' | 'cpu' | 'bandwidth' | 'other' | undefined
  /** The height of video that we send before it is encoded (`media-source`, webrtc-stats §8.5); absent for what we receive. */
  readonly capturedHeight?: number | undefined
  /** The share of the frames captured since the last measurement that was not encoded, 0..1; absent for what we receive. */
  readonly unencoded?: number | undefined
  /** The share of the frames received since the last measurement that was not decoded, 0..1; absent for what we send. */
  readonly undecoded?: number | undefined
  /** The share of the time since the last measurement that the codec of this video was busy, 0..1; near 1, it cannot keep up. */
  readonly codecBusy?: number | undefined
}

export interface PeerStats {
  /** With an SFU, our own id for what we send, and a participant's id for what we receive from them. */
  readonly participant: string
  /** Undefined until a candidate pair has been selected. */
  readonly route: 'direct' | 'relayed' | undefined
  /** The transport protocol to the peer, or to the relay: `udp`, `tcp`, `tls`. */
  readonly protocol: string | undefined
  readonly localCandidate: string | undefined
  readonly remoteCandidate: string | undefined
  readonly roundTripMs: number | undefined
  /** The congestion controller's estimate of how much can be sent. */
  readonly availableOutBps: number | undefined
  /**
   * With end-to-end encryption: the frames of this participant that could not be decrypted since they came in, and so were
   * not played; counted in steps of 25.
   */
  readonly undecryptedFrames?: number
  readonly tracks: readonly TrackStats[]
}
