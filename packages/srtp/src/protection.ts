import { CounterMode } from './counter-mode.ts'
import { GaloisMode } from './galois-mode.ts'
import { deriveKeys, type SrtpKey, wipe } from './keys.ts'
import { srtpProfiles } from './profiles.ts'

/**
 * How a profile protects single packets, in one direction. It keeps no state: whoever calls it sees to it that no index is
 * used twice, that ranges are right, and that they lie in an arena.
 */
export interface Protection {
  /** Seals a packet whose header lies in `target` from `at` to `headerEnd`. Returns its end. */
  sealRtp(
    ssrc: number,
    roc: number,
    sequence: number,
    target: Uint8Array,
    at: number,
    headerEnd: number,
    source: Uint8Array,
    start: number,
    end: number,
  ): number
  /** Opens a packet in place. Returns its end, or -1 when it is not authentic. */
  openRtp(
    ssrc: number,
    roc: number,
    sequence: number,
    bytes: Uint8Array,
    start: number,
    headerEnd: number,
    end: number,
  ): number
  sealRtcp(ssrc: number, index: number, target: Uint8Array, start: number, end: number): number
  /** Opens a packet whose word with the index is `word`. */
  openRtcp(ssrc: number, word: number, bytes: Uint8Array, start: number, end: number): number
  /** Where in a protected RTCP packet that ends at `end` the word with the index lies. */
  wordAt(end: number): number
  close(): void
}

/** Derives the session keys and makes the ciphers. Throws RangeError for a key or a salt of the wrong size. */
export function protectionFor(key: SrtpKey, direction: 'seal' | 'open'): Protection {
  const { rtp, rtcp } = deriveKeys(key)
  const { aead } = srtpProfiles[key.profile]
  const protection = aead ? new GaloisMode(rtp, rtcp, direction) : new CounterMode(rtp, rtcp)
  wipe(rtp)
  wipe(rtcp)
  return protection
}
