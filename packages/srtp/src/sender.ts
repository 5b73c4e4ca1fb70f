import { arenaOf, requireOpenssl, requireRange } from '@parley/ffi'
import { copies, MAX_COPY } from './copies.ts'
import { IndexWindows } from './index-windows.ts'
import { protectionFor } from './key-derivation.ts'
import { isRtcp, RTCP_INDICES, rtcpSsrc, rtpPayloadAt, rtpSequence, rtpSsrc } from './packets.ts'
import { type SrtpKey, type SrtpProfile, type SrtpProfileName, srtpProfiles } from './profiles.ts'
import type { Protection } from './protection.ts'
import { refused } from './refusals.ts'

const DEFAULT_SSRCS = 1024
/** How many SSRCs may go out of use. Nothing is kept of them but their numbers. */
const MAX_RETIRED = 100_000
const SEQUENCES = 65_536
const MAX_ROC = 0xffff_ffff

/**
 * Protects what is sent under one master key, for any number of SSRCs up to a limit (RFC 3711, RFC 7714). Must never use a
 * nonce twice, so make only one sender for each key. For the same reason it refuses an SSRC that comes back after a thousand
 * others. Bytes in an ffi arena are worked on where they lie, others in a copy.
 */
export class SrtpSender {
  readonly profile: SrtpProfileName
  readonly #sizes: SrtpProfile
  readonly #protection: Protection
  readonly #rtp: IndexWindows
  /** SSRCs whose indices were forgotten, so that they must not be used again. */
  readonly #retired = new Set<number>()
  /** The index of the next SRTCP packet, of whatever SSRC. */
  #rtcpIndex = 0

  /** Throws if this Node has no OpenSSL that can be called, and RangeError for a key of the wrong size. */
  constructor(key: SrtpKey) {
    requireOpenssl()
    this.profile = key.profile
    this.#sizes = srtpProfiles[key.profile]
    this.#rtp = new IndexWindows(key.maxSsrcs ?? DEFAULT_SSRCS, ssrc => this.#retired.add(ssrc))
    this.#protection = protectionFor(key, 'seal')
  }

  /**
   * Encrypts `source` from `payloadStart` to `payloadEnd` into `target`, after the RTP header that lies there already from
   * `at` to `headerEnd`, and adds the tag. `source` and `target` may be the same bytes: then either
   * `payloadStart === headerEnd`, or the two ranges must not overlap. Packets may be out of order within the newest 1,024 of
   * their SSRC. Returns the packet's end in `target`, or one of the negative reasons in {@link refused}. Throws RangeError for
   * a range outside the bytes.
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
    // Before sealing, so that the nonce counts as used even if sealing throws.
    window.use(index)
    return this.#protection.sealRtp(ssrc, roc, sequence, target, at, headerEnd, source, payloadStart, payloadEnd)
  }

  /** Protects a compound RTCP packet in place; there must be room after `end`. Returns its new end, or a negative reason. */
  protectRtcp(target: Uint8Array, start: number, end: number): number {
    if (!isRtcp(target, start, end)) return refused.malformed
    if (end + this.#sizes.rtcpOverhead > target.length) return refused.noRoom
    if (this.#rtcpIndex === RTCP_INDICES) return refused.exhausted
    if (!arenaOf(target.buffer)) return this.#copiedRtcp(target, start, end)
    return this.#protection.sealRtcp(rtcpSsrc(target, start), this.#rtcpIndex++, target, start, end)
  }

  /** Wipes and frees the keys. May be called twice. Protecting throws from then on. */
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
