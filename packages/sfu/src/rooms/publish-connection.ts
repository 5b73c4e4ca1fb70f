import type { Encoding, IceCredentials, PublishedMedia } from '../control.ts'
import type { Description, RtpSection } from '../sdp/model.ts'
import { type Agreed, type Answered, Answerer, type Restarted } from './answerer.ts'
import type { LocalTransport } from './local-transport.ts'
import type { Secrets } from './secrets.ts'

/** A track that the client sends from now on. */
export interface SentTrack {
  /** The id of its stream; where that is none, or is the stream of an earlier section too, its mid. */
  readonly track: string
  readonly media: PublishedMedia
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
  answer(offer: Description): Answered & { readonly tracks: readonly SentTrack[] } {
    const answered = this.#answerer.answer(offer, receive)
    const taken = new Set<string>()
    const tracks = answered.sections.filter(({ offered }) => sends(offered)).map(agreed => sentTrack(agreed, taken))
    return { ...answered, tracks }
  }

  /** New ICE credentials of the client's, without an offer. Undefined: there is no transport. */
  restart(ice: IceCredentials): Restarted | undefined {
    return this.#answerer.restart(ice)
  }
}

function receive({ offered, common }: Agreed): RtpSection {
  if (!sends(offered)) return { ...common, direction: 'inactive' }
  const rids = sentRids(offered)
  const streams = rids.map(({ rid }) => ({ rid, paused: false }))
  return {
    ...common,
    direction: 'recvonly',
    rids: rids.map(({ rid }) => ({ id: rid, direction: 'recv' })),
    simulcast: rids.length > 1 ? [{ direction: 'recv', streams }] : [],
  }
}

function sends({ direction }: RtpSection): boolean {
  return direction === 'sendrecv' || direction === 'sendonly'
}

function sentTrack({ offered, common }: Agreed, taken: Set<string>): SentTrack {
  const { kind, mid, msids } = offered
  // `-`: a track without a stream (RFC 8830 §3).
  // Of several streams the last is the track's own: those before it say what plays in step with it.
  const track = msids.findLast(({ stream }) => stream !== '-' && !taken.has(stream))?.stream ?? mid
  taken.add(track)
  const media = { kind, mid, encodings: encodings(offered), codecs: common.codecs, extensions: common.extensions }
  return { track, media }
}

/** The layers that an offer names by rid, in its order. */
function sentRids({ rids, simulcast }: RtpSection): readonly { readonly rid: string }[] {
  const offered = simulcast.find(({ direction }) => direction === 'send')?.streams
  return offered ?? rids.filter(({ direction }) => direction === 'send').map(({ id }) => ({ rid: id }))
}

function encodings(offered: RtpSection): Encoding[] {
  const rids = sentRids(offered)
  // Sources beside rids are in no order that anything says.
  if (rids.length > 0) return rids.map(({ rid }) => ({ rid, ssrc: undefined, rtxSsrc: undefined }))
  const repairs = new Map<number, number>()
  for (const { semantics, ssrcs } of offered.groups) {
    const [ssrc, rtx] = ssrcs
    if (semantics === 'FID' && ssrc !== undefined && rtx !== undefined) repairs.set(ssrc, rtx)
  }
  const repairing = new Set(repairs.values())
  const first = offered.sources.find(({ ssrc }) => !repairing.has(ssrc))?.ssrc
  const layers = offered.groups.find(({ semantics }) => semantics === 'SIM')?.ssrcs ?? [first]
  return layers.map(ssrc => ({ rid: undefined, ssrc, rtxSsrc: ssrc === undefined ? undefined : repairs.get(ssrc) }))
}
