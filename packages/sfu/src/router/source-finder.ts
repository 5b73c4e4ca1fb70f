import { headerExtensions, type RtpPacket, readToken } from '@parley/rtp'
import type { Publication } from './publication.ts'
import type { SourceStream } from './source-stream.ts'

/** The stream that packets of an SSRC belong to: as they are, or as retransmissions (RFC 4588). */
export interface Source {
  readonly publication: Publication
  readonly stream: SourceStream
  readonly repairs: boolean
}

interface Place {
  readonly publication: Publication
  readonly encoding: number
  readonly repairs: boolean
}

/** An SSRC that was replaced stays so for a while, since its last packets may come late. */
const retired = { ms: 3000, most: 16 } as const
/** An encoding changes its SSRC at most so often. */
const leastLifeMs = 100

/**
 * Finds the stream of an incoming packet (RFC 8843 §9.2): by its SSRC, if that is known or was signalled; else by the mid
 * and rid that it carries; else by a payload type that only one track has, as one of its layers. What was found is
 * remembered: for each encoding one SSRC, and one of its retransmissions.
 */
export class SourceFinder {
  readonly #publications = new Set<Publication>()
  readonly #sources = new Map<number, Source>()
  readonly #retired = new Map<number, number>()

  add(publication: Publication): void {
    this.#publications.add(publication)
  }

  remove(publication: Publication): void {
    this.#publications.delete(publication)
    for (const [ssrc, source] of this.#sources) if (source.publication === publication) this.#sources.delete(ssrc)
  }

  get publications(): ReadonlySet<Publication> {
    return this.#publications
  }

  /** The stream of an SSRC that was found before. */
  known(ssrc: number): Source | undefined {
    return this.#sources.get(ssrc)
  }

  find(packet: RtpPacket, now: number): Source | undefined {
    return this.#sources.get(packet.ssrc) ?? this.#learn(packet, now)
  }

  /** These streams are no more. */
  forget(streams: readonly SourceStream[]): void {
    for (const [ssrc, { stream }] of this.#sources) if (streams.includes(stream)) this.#sources.delete(ssrc)
  }

  #learn(packet: RtpPacket, now: number): Source | undefined {
    const { ssrc } = packet
    const place = this.#signalled(packet) ?? (this.#isRetired(ssrc, now) ? undefined : this.#placed(packet))
    if (!place) return undefined
    const { publication, encoding, repairs } = place
    const before = publication.streams[encoding]
    if (repairs) return before && this.#remember(ssrc, { publication, stream: before, repairs })
    if (before && now - before.openedAt < leastLifeMs) return undefined
    const stream = publication.open(encoding, ssrc, now)
    if (before) {
      this.forget([before])
      this.#retire(before.ssrc, now)
    }
    return this.#remember(ssrc, { publication, stream, repairs })
  }

  #remember(ssrc: number, source: Source): Source {
    for (const [other, { stream, repairs }] of this.#sources) {
      if (stream === source.stream && repairs === source.repairs) this.#sources.delete(other)
    }
    this.#sources.set(ssrc, source)
    return source
  }

  /** Where the sender's own words about its sources are true. */
  #signalled({ ssrc, payloadType }: RtpPacket): Place | undefined {
    for (const publication of this.#publications) {
      if (!carries(publication, payloadType)) continue
      const { encodings } = publication.media
      const encoding = encodings.findIndex(known => known.ssrc === ssrc || known.rtxSsrc === ssrc)
      if (encoding >= 0) return { publication, encoding, repairs: encodings[encoding]?.ssrc !== ssrc }
    }
    return undefined
  }

  #placed(packet: RtpPacket): Place | undefined {
    let ofPayloadType: Publication | undefined
    let ofPayloadTypeCount = 0
    for (const publication of this.#publications) {
      const mid = read(packet, publication, headerExtensions.mid)
      if (mid === publication.media.mid) return encodingOf(packet, publication)
      const { payloadType } = packet
      if (mid !== undefined || !carries(publication, payloadType)) continue
      ofPayloadType = publication
      ofPayloadTypeCount++
    }
    return ofPayloadType && ofPayloadTypeCount === 1 ? encodingOf(packet, ofPayloadType) : undefined
  }

  #isRetired(ssrc: number, now: number): boolean {
    return now - (this.#retired.get(ssrc) ?? Number.NEGATIVE_INFINITY) < retired.ms
  }

  #retire(ssrc: number, now: number): void {
    this.#retired.delete(ssrc)
    this.#retired.set(ssrc, now)
    for (const oldest of this.#retired.keys()) {
      if (this.#retired.size <= retired.most) return
      this.#retired.delete(oldest)
    }
  }
}

function carries(publication: Publication, payloadType: number): boolean {
  return (publication.codec(payloadType) ?? publication.repairedBy(payloadType)) !== undefined
}

function encodingOf(packet: RtpPacket, publication: Publication): Place | undefined {
  const { encodings } = publication.media
  const repaired = read(packet, publication, headerExtensions.repairedRid)
  const rid = repaired ?? read(packet, publication, headerExtensions.rid)
  const repairs = repaired !== undefined || publication.repairedBy(packet.payloadType) !== undefined
  const byRid = rid === undefined ? -1 : encodings.findIndex(encoding => encoding.rid === rid)
  const encoding = byRid < 0 ? encodingWithoutRid(publication, rid !== undefined || repairs) : byRid
  return encoding < 0 ? undefined : { publication, encoding, repairs }
}

/**
 * The only encoding; of several the first that has no stream yet, where a packet does not say which it is of: which is the best
 * is told by what flows, not by its name.
 */
function encodingWithoutRid({ media: { encodings }, streams }: Publication, isOther: boolean): number {
  if (encodings.length === 1) return 0
  return isOther ? -1 : encodings.findIndex((_, encoding) => streams[encoding] === undefined)
}

function read(packet: RtpPacket, { media }: Publication, uri: string): string | undefined {
  const id = media.extensions[uri]
  return id === undefined ? undefined : readToken(packet, id)
}
