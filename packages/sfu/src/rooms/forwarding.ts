import type { ExtensionIds, Feedback, PayloadTypeMapping, PublishedMedia, SubscribedMedia } from '../control.ts'
import { byKey, codecKey, feedbackOf } from '../sdp/codecs.ts'
import type { Codec } from '../sdp/model.ts'

/** What a subscriber agreed to receive in a section. */
export interface Receiving {
  readonly mid: string
  readonly ssrc: number
  readonly rtxSsrc: number | undefined
  readonly codecs: readonly Codec[]
  readonly extensions: ExtensionIds
}

/** How a publication is forwarded into a section; payload types that only one of them knows are not. */
export function forward(published: PublishedMedia, cname: string, receiving: Receiving): SubscribedMedia {
  const agreed = byKey(receiving.codecs, published.kind)
  const payloadTypes = published.codecs.flatMap((codec): PayloadTypeMapping | [] => {
    const same = agreed.get(codecKey(codec, published.kind) ?? '')
    return same ? { from: codec.payloadType, to: same.payloadType, rtx: same.rtxPayloadType } : []
  })
  return {
    mid: receiving.mid,
    ssrc: receiving.ssrc,
    rtxSsrc: payloadTypes.some(({ rtx }) => rtx !== undefined) ? receiving.rtxSsrc : undefined,
    cname,
    payloadTypes,
    extensions: receiving.extensions,
    feedback: commonFeedback(receiving.codecs, published.kind),
  }
}

function commonFeedback(codecs: readonly Codec[], kind: 'audio' | 'video'): Feedback[] {
  return feedbackOf(kind, 'subscribe').filter(way => codecs.some(({ feedback }) => feedback.includes(way)))
}

/** Whether two tell the worker the same. */
export function sameMedia<T extends PublishedMedia | SubscribedMedia>(one: T, other: T): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
