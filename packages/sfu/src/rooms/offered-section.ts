import type { ExtensionIds, PublishedMedia, SubscribedMedia } from '../control.ts'
import { byKey, codecKey } from '../sdp/codecs.ts'
import type { Codec, RtpSection } from '../sdp/model.ts'
import type { Publication } from './publication.ts'

/**
 * - `carrying`: a publication.
 * - `leaving`: it carried one, and the client has not agreed yet that it is over.
 * - `free`: inactive at both ends, and may carry another of its kind.
 * - `dead`: the client rejected it; its place may be taken by a new section (RFC 9429 §5.2.2).
 */
export type SectionState = 'carrying' | 'leaving' | 'free' | 'dead'

/** A media section that we offer. */
export interface OfferedSection {
  mid: string
  kind: 'audio' | 'video'
  state: SectionState
  publication: Publication | undefined
  /** Of the publication, as they were when {@link codecs} were chosen. */
  media: PublishedMedia | undefined
  cname: string
  paused: boolean
  ssrc: number
  rtxSsrc: number | undefined
  /** As last written, or to be written next. */
  codecs: readonly Codec[]
  extensions: ExtensionIds
  /** What the last offer said: that it is sent. */
  offered: boolean
  /** What the client takes; undefined until it has answered an offer of this publication. */
  agreed: { readonly codecs: readonly Codec[]; readonly extensions: ExtensionIds } | undefined
  /** What the worker was told. */
  subscription: { readonly number: number; media: SubscribedMedia } | undefined
}

/**
 * Our codecs as the answer numbers them (RFC 3264 §6.1: each end receives what it wrote), with what both know of
 * feedback, and retransmissions where both have them.
 */
export function agreedCodecs(section: OfferedSection, answered: RtpSection): Codec[] {
  const answers = byKey(answered.codecs, section.kind)
  return section.codecs.flatMap(ours => {
    const theirs = answers.get(codecKey(ours, section.kind) ?? '')
    if (!theirs) return []
    const feedback = ours.feedback.filter(way => theirs.feedback.includes(way))
    return {
      ...ours,
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
