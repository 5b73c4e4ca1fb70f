import { reachOf } from '../sdp/codecs.ts'
import type { Codec } from '../sdp/model.ts'

/** Somebody who receives, as far as codecs go. */
export interface Decoder {
  decodes(codec: Codec, kind: 'audio' | 'video'): boolean
}

/** How many of these receivers can decode a codec. */
export function served(codec: Codec | undefined, kind: 'audio' | 'video', receivers: readonly Decoder[]): number {
  return codec ? receivers.filter(receiver => receiver.decodes(codec, kind)).length : 0
}

/**
 * Of the codecs that a publisher can send, in its order, those to agree on: what most of the receivers can decode, and of
 * that what is likeliest for those who may still come. Publishers send the first that they are answered with, and may change
 * to any other; so all that remain serve equally many.
 */
export function agree(
  codecs: readonly Codec[],
  kind: 'audio' | 'video',
  receivers: readonly Decoder[],
): readonly Codec[] {
  const worth = codecs.map(codec => ({ codec, served: served(codec, kind, receivers), reach: reachOf(codec, kind) }))
  const mostServed = Math.max(...worth.map(codec => codec.served))
  const best = worth.filter(codec => codec.served === mostServed)
  const widest = Math.max(...best.map(({ reach }) => reach))
  return best.filter(({ reach }) => reach === widest).map(({ codec }) => codec)
}
