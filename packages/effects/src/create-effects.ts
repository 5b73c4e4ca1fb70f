import { drawBackground } from './backgrounds/draw.ts'
import { CameraEffects, type CameraPorts } from './camera-effects.ts'
import type { ImageName, StickerName } from './choice.ts'
import { loadFaces } from './face/finder.ts'
import { openFrames } from './frames/open-frames.ts'
import { Compositor } from './gl/compositor.ts'
import { loadSegmenter } from './mask/segmenter.ts'
import { noiseContext } from './noise/noise-graph.ts'
import { suppressNoise } from './noise/suppress-noise.ts'
import { drawSticker, heightOf } from './stickers/draw.ts'
import type { Effects, EffectsOptions } from './types.ts'

const imageSize = { width: 1280, height: 720 }
const stickerWidth = 512
/** Some 8 MB over a slow line. */
const patienceMs = 180_000

/**
 * Effects for cameras and microphones. Nothing is fetched before it is needed, and everything from `assets`.
 *
 * @example
 * const effects = createEffects({ assets: '/effects/' })
 * const camera = effects.apply(await createCamera(), { ...plainChoice, background: { kind: 'blur', strength: 'light' } })
 * await room.publish('camera', camera.track)
 */
export function createEffects({ assets, ownImage }: EffectsOptions): Effects {
  const folder = new URL(assets.endsWith('/') ? assets : `${assets}/`, document.baseURI).href
  const loadImage = async (name: ImageName) => {
    if (name !== 'own') return background(name)
    if (!ownImage) throw new Error('There is no picture of one’s own: give `ownImage`.')
    return ownImage()
  }
  const ports: CameraPorts = {
    openFrames,
    openCanvas: onLost => new Compositor(onLost),
    loadSegmenter: () => loadSegmenter(folder),
    loadFaces: () => loadFaces(folder),
    loadImage,
    drawSticker: sticker,
    now: () => performance.now(),
    tooLate: () =>
      new Promise((_, reject) => setTimeout(() => reject(new Error('The effects did not load in time.')), patienceMs)),
  }
  return {
    apply: (track, choice, options) => new CameraEffects(track, choice, ports, options),
    suppressNoise: async (track, level) => suppressNoise(track, level, noiseContext(folder)),
  }
}

function background(name: Exclude<ImageName, 'own'>): OffscreenCanvas {
  const canvas = new OffscreenCanvas(imageSize.width, imageSize.height)
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('The browser gives no canvas.')
  drawBackground(name, pen, imageSize)
  return canvas
}

function sticker(name: StickerName): OffscreenCanvas {
  const canvas = new OffscreenCanvas(stickerWidth, Math.ceil(stickerWidth * heightOf(name)))
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('The browser gives no canvas.')
  drawSticker(name, pen, stickerWidth)
  return canvas
}
