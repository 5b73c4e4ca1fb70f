import { arenaOf, requireOpenssl, requireRange } from '@parley/ffi'
import { copies, MAX_COPY } from './copies.ts'
import type { SrtpKey } from './keys.ts'
import { isRtcp, RTCP_INDICES, rtcpSsrc, rtpPayloadAt, rtpSequence, rtpSsrc } from './packets.ts'
import { type SrtpProfile, type SrtpProfileName, srtpProfiles } from './profiles.ts'
import { type Protection, protectionFor } from './protection.ts'
import { refused } from './refusals.ts'
import { Windows } from './windows.ts'

const DEFAULT_SSRCS = 1024
/** SSRCs that are used no more, of which nothing is kept but that. */
const MAX_RETIRED = 100_000
const SEQUENCES = 65_536
const MAX_ROC = 0xffff_ffff

/**
 * Protects what is sent under one master key, of any number of SSRCs up to a limit (RFC 3711, RFC 7714). Never uses a
 * nonce twice: so make only one of each key, and do not come back to an SSRC after a thousand others. Works where the bytes lie when that is an arena of ffi, and through a copy elsewhere.
 */
export class SrtpSender {
  readonly profile: SrtpProfileName
  readonly #sizes: SrtpProfile
  readonly #protection: Protection
  readonly #rtp: Windows
  /** What was sent of them is forgotten, so that they cannot be used again. */
  readonly #retired = new Set<number>()
  /** Of the next SRTCP packet, whatever its SSRC. */
  #rtcpIndex = 0

  /** Throws where this Node has no OpenSSL to call, and RangeError for a key of the wrong size. */
  constructor(key: SrtpKey) {
    requireOpenssl()
    this.profile = key.profile
    this.#sizes = srtpProfiles[key.profile]
    this.#rtp = new Windows(key.maxSsrcs ?? DEFAULT_SSRCS, ssrc => this.#retired.add(ssrc))
    this.#protection = protectionFor(key, 'seal')
  }

  /**
   * Encrypts `source` from `payloadStart` to `payloadEnd` into `target` behind the RTP header, which lies there already
   * from `at` to `headerEnd`; the tag follows. `source` may be `target`: in place when `payloadStart === headerEnd`, else
   * the two ranges must not overlap. Returns the end of the packet in `target`, or a negative reason of {@link refused}.
   * Throws RangeError for a range outside of the bytes. Sending out of order is fine within 1,024 packets of the newest
   * of an SSRC.
   */
  protectRtp(
    target: Uint8Array,
    at: number,
    headerEnd: number,
    source: Uint8Array,
    payloadStart: number,
    payloadEnd: number,
  ): number {
    requireRange(target, at, headerEnd)
    requireRange(source, payloadStart, payloadEnd)
    if (headerEnd + payloadEnd - payloadStart + this.#sizes.rtpOverhead > target.length) return refused.noRoom
    if (rtpPayloadAt(target, at, headerEnd) !== headerEnd) return refused.malformed
    if (!arenaOf(source.buffer) || !arenaOf(target.buffer)) {
      return this.#copied(target, at, headerEnd, source, payloadStart, payloadEnd)
    }
    const ssrc = rtpSsrc(target, at)
    const sequence = rtpSequence(target, at)
    const known = this.#rtp.find(ssrc)
    if (!known && this.#retired.has(ssrc)) return refused.repeated
    if (!known && this.#retired.size >= MAX_RETIRED) return refused.tooManySsrcs
    const window = known ?? this.#rtp.add(ssrc)
    const index = window.estimate(sequence)
    if (!window.isFresh(index)) return refused.repeated
    const roc = (index - sequence) / SEQUENCES
    if (roc > MAX_ROC) return refused.exhausted
    // Before sealing: should that throw, the nonce counts as used all the same.
    window.use(index)
    return this.#protection.sealRtp(ssrc, roc, sequence, target, at, headerEnd, source, payloadStart, payloadEnd)
  }

  /** Protects a compound RTCP packet in place; behind `end` there must be room. Returns its end, or a negative reason. */
  protectRtcp(target: Uint8Array, start: number, end: number): number {
    if (!isRtcp(target, start, end)) return refused.malformed
    if (end + this.#sizes.rtcpOverhead > target.length) return refused.noRoom
    if (this.#rtcpIndex === RTCP_INDICES) return refused.exhausted
    if (!arenaOf(target.buffer)) return this.#copiedRtcp(target, start, end)
    return this.#protection.sealRtcp(rtcpSsrc(target, start), this.#rtcpIndex++, target, start, end)
  }

  /** Wipes and frees the keys. May be called twice; afterwards protecting throws. */
  close(): void {
    this.#protection.close()
  }

  #copied(
    target: Uint8Array,
    at: number,
    headerEnd: number,
    source: Uint8Array,
    payloadStart: number,
    payloadEnd: number,
  ): number {
    const header = headerEnd - at
    const payload = payloadEnd - payloadStart
    if (header + payload + this.#sizes.rtpOverhead > MAX_COPY) return refused.noRoom
    const copy = copies()
    copy.packet.set(target.subarray(at, headerEnd))
    copy.source.set(source.subarray(payloadStart, payloadEnd))
    const sealed = this.protectRtp(copy.packet, 0, header, copy.source, 0, payload)
    if (sealed < 0) return sealed
    target.set(copy.packet.subarray(header, sealed), headerEnd)
    return at + sealed
  }

  #copiedRtcp(target: Uint8Array, start: number, end: number): number {
    if (end - start + this.#sizes.rtcpOverhead > MAX_COPY) return refused.noRoom
    const { packet } = copies()
    packet.set(target.subarray(start, end))
    const sealed = this.protectRtcp(packet, 0, end - start)
    if (sealed < 0) return sealed
    target.set(packet.subarray(0, sealed), start)
    return start + sealed
  }
}
