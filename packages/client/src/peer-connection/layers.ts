import type { PublishOptions } from '../types.ts'
import type { EncodingPlan } from './budget.ts'

interface Layer {
  readonly rid: string
  readonly scale: number
  /** The long side of the captured picture, in pixels, from which on the layer is worth sending. */
  readonly from: number
  readonly maxFramerate?: number
}

/** webrtc-svc §5.1 */
export interface LayerParameters extends RTCRtpEncodingParameters {
  scalabilityMode?: string
}

/** A picture that is sent once, and forwarded to everybody. */
export interface Picture {
  readonly source: 'camera' | 'screen'
  readonly options: PublishOptions
}

/** From the smallest to the full size, which has no bound: quarter, half, full. */
const layers: Record<Picture['source'], readonly Layer[]> = {
  camera: [
    { rid: 'q', scale: 4, from: 960 },
    { rid: 'h', scale: 2, from: 480 },
    { rid: 'f', scale: 1, from: 0 },
  ],
  // A screen has to be read, so it keeps its size; a small one for a small tile need not move.
  screen: [
    { rid: 'h', scale: 2, from: 960, maxFramerate: 5 },
    { rid: 'f', scale: 1, from: 0 },
  ],
}

/** Three frame rates, the lower ones half and a quarter of the highest (webrtc-svc §3.2). */
const frameRates = 'L1T3'

/** Whether a mode puts several sizes into one encoding, of which an SFU forwards a part (webrtc-svc §3.2). */
function isSvc(mode: string | undefined): boolean {
  return mode !== undefined && /^[LS][23]/.test(mode)
}

function layersOf({ source, options }: Picture): readonly Layer[] | undefined {
  return options.simulcast === false || isSvc(options.scalabilityMode) ? undefined : layers[source]
}

/** The codec that must be sent, as in its MIME type; undefined: any. SVC needs one that has it. */
export function codecOf({ options: { codec, scalabilityMode } }: Picture): string | undefined {
  return codec ?? (isSvc(scalabilityMode) ? 'vp9' : undefined)
}

/** What a transceiver is made with: how many encodings there are cannot change later. */
export function sendEncodings(picture: Picture): LayerParameters[] {
  const { scalabilityMode = frameRates } = picture.options
  const parts = layersOf(picture)
  if (!parts) return [picture.options.scalabilityMode === undefined ? {} : { scalabilityMode }]
  return parts.map(({ rid, scale }) => ({ rid, scaleResolutionDownBy: scale, scalabilityMode }))
}

/** What a layer of so many pixels is worth, bit/s, at 30 frames a second. */
const rows: readonly { readonly pixels: number; readonly bps: number }[] = [
  { pixels: 160 * 90, bps: 70_000 },
  { pixels: 320 * 180, bps: 150_000 },
  { pixels: 480 * 270, bps: 300_000 },
  { pixels: 640 * 360, bps: 500_000 },
  { pixels: 960 * 540, bps: 1_000_000 },
  { pixels: 1280 * 720, bps: 1_800_000 },
]

/**
 * Plans the encodings that {@link sendEncodings} made.
 * @param size Of what is captured, in pixels, as far as it is known.
 * @param whole The plan for the largest of them.
 * @param wanted Whether anybody wants the encoding of a rid; undefined: the only one.
 */
export function planLayers(
  picture: Picture,
  { width = 0, height = 0 }: { readonly width?: number; readonly height?: number },
  whole: EncodingPlan,
  wanted: (rid: string | undefined) => boolean,
): readonly EncodingPlan[] {
  const parts = layersOf(picture)
  if (!parts) return [{ ...whole, active: wanted(undefined) }]
  const { scaleResolutionDownBy: shrink = 1, maxBitrateBps = Number.POSITIVE_INFINITY } = whole
  const side = Math.max(width, height) / shrink || Number.POSITIVE_INFINITY
  const lowest = parts.findIndex(({ from }) => side >= from)
  return parts.map(({ scale, maxFramerate }, index) => {
    // Who wants a smaller picture than is worth sending gets the smallest that is.
    const asked = index === lowest ? parts.slice(0, lowest + 1) : parts.slice(index, index + 1)
    const scaleResolutionDownBy = scale * shrink
    const pixels = (width * height || 1280 * 720) / scaleResolutionDownBy ** 2
    const worth = rows.find(row => row.pixels >= pixels)?.bps ?? Number.POSITIVE_INFINITY
    return {
      active: index >= lowest && asked.some(layer => wanted(layer.rid)),
      scaleResolutionDownBy,
      maxBitrateBps: scale === 1 && picture.source === 'screen' ? maxBitrateBps : Math.min(worth, maxBitrateBps),
      ...(maxFramerate !== undefined && { maxFramerate }),
    }
  })
}
