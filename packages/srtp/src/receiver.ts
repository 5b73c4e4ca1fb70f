import { uint32At } from '@parley/bytes'
import { arenaOf, requireOpenssl, requireRange } from '@parley/ffi'
import { copies, MAX_COPY } from './copies.ts'
import { IndexWindows } from './index-windows.ts'
import { protectionFor } from './key-derivation.ts'
import { isRtcp, rtcpSsrc, rtpPayloadAt, rtpSequence, rtpSsrc } from './packets.ts'
import { type SrtpKey, type SrtpProfile, type SrtpProfileName, srtpProfiles } from './profiles.ts'
import { type Protection, RTCP_CLEAR } from './protection.ts'
import { refused } from './refusals.ts'

/** Every time a screen is shared it takes two new SSRCs. This is more than anybody sends in one meeting. */
const DEFAULT_SSRCS = 1024
const SEQUENCES = 65_536
const MAX_ROC = 0xffff_ffff

/**
 * Unprotects what is received under one master key (RFC 3711, RFC 7714), in place. Keeps state for an SSRC only once a packet
 * of it was authentic. Of too many SSRCs it forgets the one that was silent longest, whose packets could then be replayed,
 * but nobody listens to an SSRC that is no longer in use. Bytes in an ffi arena are worked on where they lie, others in a copy.
 */
export class SrtpReceiver {
  readonly profile: SrtpProfileName
  readonly #sizes: SrtpProfile
  readonly #protection: Protection
  readonly #rtp: IndexWindows
  readonly #rtcp: IndexWindows

  /** Throws if this Node has no OpenSSL that can be called, and RangeError for a key of the wrong size. */
  constructor(key: SrtpKey) {
    requireOpenssl()
    this.profile = key.profile
    this.#sizes = srtpProfiles[key.profile]
    this.#rtp = new IndexWindows(key.maxSsrcs ?? DEFAULT_SSRCS)
    this.#rtcp = new IndexWindows(key.maxSsrcs ?? DEFAULT_SSRCS)
    this.#protection = protectionFor(key, 'open')
  }

  /**
   * Turns the SRTP packet from `start` to `end` into RTP, in place, and returns its new end. Returns one of the negative
   * reasons in {@link refused} if it cannot; the bytes are then useless. Never throws because of what they contain.
   */
  unprotectRtp(bytes: Uint8Array, start: number, end: number): number {
    requireRange(bytes, start, end)
    if (!arenaOf(bytes.buffer)) return this.#copied('rtp', bytes, start, end)
    const payloadAt = rtpPayloadAt(bytes, start, end)
    if (payloadAt < 0 || payloadAt + this.#sizes.rtpOverhead > end) return refused.malformed
    const ssrc = rtpSsrc(bytes, start)
    const sequence = rtpSequence(bytes, start)
    const window = this.#rtp.find(ssrc)
    const index = window ? window.estimate(sequence) : sequence
    if (window && !window.isFresh(index)) return refused.replayed
    const roc = (index - sequence) / SEQUENCES
    if (roc > MAX_ROC) return refused.exhausted
    const opened = this.#protection.openRtp(ssrc, roc, sequence, bytes, start, payloadAt, end)
    if (opened < 0) return refused.forged
    const used = window ?? this.#rtp.add(ssrc)
    used.use(index)
    return opened
  }

  /** As {@link unprotectRtp}, for SRTCP, encrypted or not. */
  unprotectRtcp(bytes: Uint8Array, start: number, end: number): number {
    if (!isRtcp(bytes, start, end)) return refused.malformed
    if (!arenaOf(bytes.buffer)) return this.#copied('rtcp', bytes, start, end)
    if (end - start < RTCP_CLEAR + this.#sizes.rtcpOverhead) return refused.malformed
    const ssrc = rtcpSsrc(bytes, start)
    const word = uint32At(bytes, this.#protection.wordAt(end))
    const index = word & 0x7fff_ffff
    const window = this.#rtcp.find(ssrc)
    if (window && !window.isFresh(index)) return refused.replayed
    const opened = this.#protection.openRtcp(ssrc, word, bytes, start, end)
    if (opened < 0) return refused.forged
    const used = window ?? this.#rtcp.add(ssrc)
    used.use(index)
    return opened
  }

  /** Wipes and frees the keys. May be called twice. Unprotecting throws from then on. */
  close(): void {
    this.#protection.close()
  }

  #copied(kind: 'rtp' | 'rtcp', bytes: Uint8Array, start: number, end: number): number {
    const length = end - start
    if (length > MAX_COPY) return refused.malformed
    const { packet } = copies()
    packet.set(bytes.subarray(start, end))
    const opened = kind === 'rtp' ? this.unprotectRtp(packet, 0, length) : this.unprotectRtcp(packet, 0, length)
    if (opened < 0) return opened
    bytes.set(packet.subarray(0, opened), start)
    return start + opened
  }
}
