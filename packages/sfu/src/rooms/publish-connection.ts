import { limits } from '@parley/protocol'
import { headerExtensions } from '@parley/rtp'
import type { Encoding, IceCredentials, PublishedMedia } from '../control.ts'
import { type Codec, type Description, isRtp, type RtpSection, type Section } from '../sdp/model.ts'
import { NegotiationError } from '../sdp/negotiation-error.ts'
import { type Agreed, type Answered, Answerer, type Restarted } from './answerer.ts'
import type { LocalTransport } from './local-transport.ts'
import type { Secrets } from './secrets.ts'

/** A track that the client sends. */
export interface SentTrack {
  /** The id of its stream, or its mid if it has no stream or an earlier section has the same. */
  readonly track: string
  readonly media: PublishedMedia
  /** All codecs that the client can send and we can forward; `media` has those that were agreed on. */
  readonly accepted: readonly Codec[]
}

export interface PublishAnswering {
  /** Chooses the codecs to agree on, so that the room's receivers can decode them. Absent: all that can be forwarded. */
  readonly choose?: (codecs: readonly Codec[], kind: 'audio' | 'video') => readonly Codec[]
  /** Refuses an offer unless everything in it can be accepted (RFC 9725 §4.2). */
  readonly whole?: boolean
}

/** The most layers of simulcast that are accepted, which is more than anybody sends. */
const mostLayers = limits.encodings

/** The track ids and SSRCs that earlier sections have taken. */
interface Taken {
  readonly tracks: Set<string>
  readonly ssrcs: Set<number>
}

/** The connection on which a client sends: it offers, we answer. */
export class PublishConnection {
  readonly #answerer: Answerer

  constructor(local: LocalTransport, secrets: Secrets) {
    this.#answerer = new Answerer('publish', local, secrets)
  }

  /**
   * @returns What was answered, and all that is now sent.
   * @throws {NegotiationError}
   */
  answer(
    offer: Description,
    { choose = codecs => codecs, whole = false }: PublishAnswering = {},
  ): Answered & { readonly tracks: readonly SentTrack[] } {
    const answered = this.#answerer.answer(offer, {
      complete: receive,
      choose: (codecs, { kind }) => choose(codecs, kind),
      needs: section => whole && offersMedia(section),
    })
    const taken: Taken = { tracks: new Set(), ssrcs: new Set() }
    const tracks = answered.sections.filter(({ offered }) => sends(offered)).map(agreed => sentTrack(agreed, taken))
    if (whole) checkTellable(tracks)
    return { ...answered, tracks }
  }

  /** Takes new ICE credentials of the client without an offer. Returns undefined if there is no transport. */
  restart(ice: IceCredentials, mayBeNew: boolean): Restarted | undefined {
    return this.#answerer.restart(ice, mayBeNew)
  }
}

function receive({ offered, common }: Agreed): RtpSection {
  if (!sends(offered)) return { ...common, direction: 'inactive' }
  const rids = sentRids(offered)
  const streams = rids.map(rid => ({ rid, paused: false }))
  return {
    ...common,
    direction: 'recvonly',
    rids: rids.map(id => ({ id, direction: 'recv' })),
    simulcast: rids.length > 1 ? [{ direction: 'recv', streams }] : [],
  }
}

/** Sound or a picture that somebody wants to send. */
function offersMedia(section: Section): boolean {
  if (section.kind === 'other') return section.wanted && (section.media === 'audio' || section.media === 'video')
  return isRtp(section) && !section.rejected && sends(section)
}

function sends({ direction }: RtpSection): boolean {
  return direction === 'sendrecv' || direction === 'sendonly'
}

function sentTrack({ offered, accepted, common }: Agreed, { tracks, ssrcs }: Taken): SentTrack {
  const { kind, mid, msids } = offered
  // `-`: a track without a stream (RFC 8830 §3).
  // Of several streams the last is the track's own: those before it say what plays in step with it.
  const track = msids.findLast(({ stream }) => stream !== '-' && !tracks.has(stream))?.stream ?? mid
  tracks.add(track)
  const media = {
    kind,
    mid,
    encodings: encodings(offered, ssrcs),
    codecs: common.codecs,
    extensions: common.extensions,
  }
  return { track, media, accepted }
}

/**
 * Packets have to say which section they are of: by a payload type of its own, by its mid, or by a source that was told
 * (RFC 9143 §9.2).
 * @throws {NegotiationError} `not-usable`: of two sections they would not.
 */
function checkTellable(tracks: readonly SentTrack[]): void {
  for (const [index, { media }] of tracks.entries()) {
    for (const { media: before } of tracks.slice(0, index)) {
      const shared = media.codecs.find(({ payloadType }) =>
        before.codecs.some(codec => codec.payloadType === payloadType),
      )
      if (!shared || (isTold(media) && isTold(before))) continue
      throw new NegotiationError(
        'not-usable',
        `Sections ${before.mid} and ${media.mid} share payload type ${shared.payloadType}, and nothing else tells their packets ` +
          `apart: neither a=ssrc nor the header extension ${headerExtensions.mid}.`,
      )
    }
  }
}

function isTold({ extensions, encodings }: PublishedMedia): boolean {
  return extensions[headerExtensions.mid] !== undefined || encodings.some(({ ssrc }) => ssrc !== undefined)
}

/** The layers that an offer names by rid, in its order. */
function sentRids({ rids, simulcast }: RtpSection): string[] {
  const layers = simulcast.find(({ direction }) => direction === 'send')?.streams.map(({ rid }) => rid)
  const alone = rids.filter(({ direction }) => direction === 'send').map(({ id }) => id)
  return [...new Set(layers ?? alone)].slice(0, mostLayers)
}

/** @param taken Sources of earlier sections: a source is of one track alone (RFC 3550 §8). */
function encodings(offered: RtpSection, taken: Set<number>): Encoding[] {
  const rids = sentRids(offered)
  // Sources beside rids are in no order that anything says.
  if (rids.length > 0) return rids.map(rid => ({ rid, ssrc: undefined, rtxSsrc: undefined }))
  const take = (ssrc: number | undefined) => {
    if (ssrc === undefined || taken.has(ssrc)) return undefined
    taken.add(ssrc)
    return ssrc
  }
  const repairs = new Map<number, number>()
  for (const { semantics, ssrcs } of offered.groups) {
    const [ssrc, rtx] = ssrcs
    if (semantics === 'FID' && ssrc !== undefined && rtx !== undefined) repairs.set(ssrc, rtx)
  }
  const repairing = new Set(repairs.values())
  const first = offered.sources.find(({ ssrc }) => !repairing.has(ssrc))?.ssrc
  const layers = offered.groups.find(({ semantics }) => semantics === 'SIM')?.ssrcs ?? [first]
  return layers.slice(0, mostLayers).map(layer => {
    const ssrc = take(layer)
    return { rid: undefined, ssrc, rtxSsrc: ssrc === undefined ? undefined : take(repairs.get(ssrc)) }
  })
}
