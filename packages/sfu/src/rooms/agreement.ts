import { reachOf } from '../sdp/codecs.ts'
import type { Codec } from '../sdp/model.ts'

/** A receiver, as far as codecs are concerned. */
export interface Decoder {
  decodes(codec: Codec, kind: 'audio' | 'video'): boolean
}

/** How many of these receivers can decode a codec. */
export function served(codec: Codec | undefined, kind: 'audio' | 'video', receivers: readonly Decoder[]): number {
  return codec ? receivers.filter(receiver => receiver.decodes(codec, kind)).length : 0
}

/**
 * Chooses, among the codecs that a publisher can send, those to agree on: the ones that most receivers can decode, and among these
 * the ones that future receivers are likeliest to decode. A publisher sends the first codec in the answer but may change to any
 * other, so all in the result serve equally many. Keeps the publisher's order.
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
