import type { ExtensionIds, PublishedMedia, SubscribedMedia, Want } from '../control.ts'
import { byKey, codecKey, withoutRedundancy } from '../sdp/codecs.ts'
import type { Codec, RtpSection } from '../sdp/model.ts'
import type { NegotiatedTrack } from './negotiated-track.ts'

/**
 * - `carrying`: it carries a publication.
 * - `leaving`: it carried one that has ended, and the client has not agreed to that yet.
 * - `free`: inactive at both ends. It may carry another publication of its kind.
 * - `dead`: the client rejected it. A new section may take its position (RFC 9429 §5.2.2).
 */
type SectionState = 'carrying' | 'leaving' | 'free' | 'dead'

/** A media section that we offer. */
export interface OfferedSection {
  mid: string
  kind: 'audio' | 'video'
  state: SectionState
  publication: NegotiatedTrack | undefined
  /** The publication's media, as they were when {@link codecs} were chosen. */
  media: PublishedMedia | undefined
  cname: string
  /** See {@link Wanted}. */
  encrypted: boolean
  want: Want
  ssrc: number
  rtxSsrc: number | undefined
  /** As written in the last offer, or to be written in the next. */
  codecs: readonly Codec[]
  extensions: ExtensionIds
  /** The last offer said that it is sent. */
  offered: boolean
  /** What the client accepts; undefined until it has answered an offer of this publication. */
  agreed: { readonly codecs: readonly Codec[]; readonly extensions: ExtensionIds } | undefined
  /** What the worker has been told. */
  subscription: { readonly number: number; media: SubscribedMedia } | undefined
}

/**
 * Our codecs with the payload types of the answer (each end receives what it wrote: RFC 3264 §6.1), with the feedback that both
 * support, and retransmissions and RED if both do.
 */
export function agreedCodecs(section: OfferedSection, answered: RtpSection): Codec[] {
  const answers = byKey(answered.codecs, section.kind)
  return section.codecs.flatMap(ours => {
    const theirs = answers.get(codecKey(ours, section.kind) ?? '')
    if (!theirs) return []
    const feedback = ours.feedback.filter(way => theirs.feedback.includes(way))
    return {
      ...withoutRedundancy(ours),
      ...(ours.red && theirs.red && { red: theirs.red }),
      payloadType: theirs.payloadType,
      rtxPayloadType: ours.rtxPayloadType === undefined ? undefined : theirs.rtxPayloadType,
      feedback,
    }
  })
}

/** Our extensions that the answer has too. */
export function agreedExtensions(section: OfferedSection, answered: RtpSection): ExtensionIds {
  return Object.fromEntries(Object.entries(section.extensions).filter(([uri]) => uri in answered.extensions))
}
