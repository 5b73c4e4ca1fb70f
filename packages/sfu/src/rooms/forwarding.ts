import type { ExtensionIds, Feedback, PayloadTypeMapping, PublishedMedia, SubscribedMedia, Want } from '../control.ts'
import { codecKey, decodes, feedbackOf } from '../sdp/codecs.ts'
import type { Codec } from '../sdp/model.ts'

/** What a subscriber has agreed to receive in a section. */
export interface Receiving {
  readonly mid: string
  readonly ssrc: number
  readonly rtxSsrc: number | undefined
  readonly codecs: readonly Codec[]
  readonly extensions: ExtensionIds
}

/** How a publication is forwarded into a section. Payload types that only one of the two has are not forwarded. */
export function forward(published: PublishedMedia, cname: string, receiving: Receiving): SubscribedMedia {
  const payloadTypes = published.codecs.flatMap((codec): PayloadTypeMapping | [] => {
    const to = decoderOf(codec, receiving.codecs, published.kind)
    if (!to) return []
    const red = to.red && { red: to.red.payloadType }
    return { from: codec.payloadType, to: to.payloadType, rtx: to.rtxPayloadType, ...red }
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

/** Which codec of the receiver's fits what is sent: the same, or else one that can decode it. */
function decoderOf(sent: Codec, listed: readonly Codec[], kind: 'audio' | 'video'): Codec | undefined {
  const key = codecKey(sent, kind)
  const same = listed.find(codec => key !== undefined && codecKey(codec, kind) === key)
  return same ?? listed.find(codec => decodes(codec, sent, kind))
}

function commonFeedback(codecs: readonly Codec[], kind: 'audio' | 'video'): Feedback[] {
  return feedbackOf(kind, 'subscribe').filter(way => codecs.some(({ feedback }) => feedback.includes(way)))
}

/** Whether both mean the same to the worker. */
export function same<T extends PublishedMedia | SubscribedMedia>(one: T, other: T): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}

/** Whether both are the same wish. */
export function sameWant(one: Want, other: Want): boolean {
  return (
    one.paused === other.paused &&
    one.pixels === other.pixels &&
    one.priority === other.priority &&
    one.layer?.spatial === other.layer?.spatial &&
    one.layer?.temporal === other.layer?.temporal
  )
}
