import type { Want } from '../control.ts'
import { highestLayer } from './layer-gate.ts'
import type { SourceStream } from './source-stream.ts'

/** One of the qualities in which a track can be forwarded: a stream of simulcast, and the layers of it that are sent. */
export interface Layer {
  readonly stream: SourceStream
  /** Which size it is, from 0. */
  readonly size: number
  /** Within the stream. */
  readonly spatial: number
  readonly temporal: number
  /** The temporal layers to let pass: {@link temporal}, or whatever there is where that is the highest. */
  readonly mostTemporal: number
  /** Of a picture; 0: not known. */
  readonly pixels: number
  /** What it takes; 0: not measured yet. */
  readonly bps: number
}

/** Of streams whose size is not known, one is better that carries so much more. */
const clearlyMore = 1.3
/** A picture that has so much of the pixels that are of use is large enough. */
const enough = 0.75
/** Of several temporal layers, the lowest alone is offered only in the lowest size: elsewhere a smaller picture is better than so few. */
const lowestWithoutUpper = 3

/** The order from the lowest to the best that flows: by the size of pictures, else by bitrate; as before where that tells nothing. */
export function ranked(before: readonly SourceStream[]): SourceStream[] {
  const order: SourceStream[] = []
  for (const stream of before) {
    let at = order.length
    while (at > 0 && isBetter(order[at - 1] as SourceStream, stream)) at--
    order.splice(at, 0, stream)
  }
  return order
}

function isBetter(one: SourceStream, other: SourceStream): boolean {
  if (one.pixels > 0 && other.pixels > 0 && one.pixels !== other.pixels) return one.pixels > other.pixels
  return other.rates.bps > 0 && one.rates.bps > clearlyMore * other.rates.bps
}

/** All qualities of streams in this order, each better than the one before. */
export function layersOf(streams: readonly SourceStream[]): Layer[] {
  const layers: Layer[] = []
  for (const stream of streams) {
    const { spatialLayers, temporalLayers } = stream.rates
    for (let spatial = 0; spatial < spatialLayers; spatial++) {
      const isLowest = layers.length === 0
      const size = isLowest ? 0 : (layers.at(-1)?.size ?? 0) + 1
      const least = !isLowest && temporalLayers >= lowestWithoutUpper ? 1 : 0
      for (let temporal = least; temporal < temporalLayers; temporal++) {
        layers.push({
          stream,
          size,
          spatial,
          temporal,
          mostTemporal: temporal === temporalLayers - 1 ? highestLayer : temporal,
          pixels: stream.pixelsOf(spatial),
          bps: stream.rates.upTo(spatial, temporal),
        })
      }
    }
  }
  return layers
}

/**
 * The index of the best size that is of use, where these have so many pixels, ascending (0: not known, and may be of use).
 * More than there are: a larger one would be of use.
 */
export function largestUseful(pixels: readonly number[], { pixels: useful, layer }: Want): number {
  const large = useful === undefined ? -1 : pixels.findIndex(has => has >= enough * useful)
  return Math.min(large < 0 ? Number.POSITIVE_INFINITY : large, layer?.spatial ?? Number.POSITIVE_INFINITY)
}
