import type { SelfieSegmentation } from '@mediapipe/selfie_segmentation'
import type { Picture } from '../gl/compositor.ts'

/** Says where in a picture the person is. */
export interface Segmenter {
  /**
   * The outline of the person, opaque where they are. One picture at a time.
   * The caller closes it, if it is an ImageBitmap.
   */
  outline(picture: Picture): Promise<ImageBitmap | HTMLCanvasElement | undefined>
}

/** What the model looks at, px: a picture of this size is enough for it. */
const input = { width: 256, height: 144 }

/** One for the page: its program and its model take some 20 MB, and are not given back. */
const loaded = new Map<string, Promise<Segmenter>>()

/**
 * Loads the segmentation, once for the page. `assets` is the folder with the files of MediaPipe's selfie segmentation.
 * @throws {Error} If a file does not arrive, or the browser does not run it. It may be tried again.
 */
export function loadSegmenter(assets: string): Promise<Segmenter> {
  const known = loaded.get(assets)
  if (known) return known
  const loading = load(assets)
  loaded.set(assets, loading)
  loading.catch(() => loaded.delete(assets))
  return loading
}

async function load(assets: string): Promise<Segmenter> {
  await addScript(new URL('selfie_segmentation.js', assets).href)
  const Solution: unknown = Reflect.get(globalThis, 'SelfieSegmentation')
  if (!isSolution(Solution)) throw new Error('The segmentation’s script defines nothing.')
  const solution = new Solution({ locateFile: file => new URL(file, assets).href })
  solution.setOptions({ modelSelection: 1, selfieMode: false })
  let found: ((mask: ImageBitmap | HTMLCanvasElement | undefined) => void) | undefined
  solution.onResults(({ image, segmentationMask }) => {
    if (image instanceof ImageBitmap) image.close()
    if (segmentationMask instanceof HTMLImageElement) return
    if (found) found(segmentationMask)
    else if (segmentationMask instanceof ImageBitmap) segmentationMask.close()
  })
  await solution.initialize()

  const canvas = document.createElement('canvas')
  Object.assign(canvas, input)
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('The browser gives no canvas.')
  const segmenter: Segmenter = {
    outline: async picture => {
      pen.drawImage(picture, 0, 0, input.width, input.height)
      const { promise, resolve } = later<ImageBitmap | HTMLCanvasElement | undefined>()
      found = resolve
      try {
        await solution.send({ image: canvas })
        // A graph that has nothing to say for this picture calls nobody back.
        setTimeout(() => resolve(undefined), 1000)
        return await promise
      } finally {
        found = undefined
      }
    },
  }
  // The first picture makes the graphics driver compile the model, which may take a second.
  const first = await segmenter.outline(canvas)
  if (first instanceof ImageBitmap) first.close()
  return segmenter
}

type SolutionClass = new (...options: ConstructorParameters<typeof SelfieSegmentation>) => SelfieSegmentation

const isSolution = (value: unknown): value is SolutionClass => typeof value === 'function'

function addScript(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = address
    script.addEventListener('load', () => resolve())
    script.addEventListener('error', () => reject(new Error(`${address} cannot be loaded.`)))
    document.head.append(script)
  })
}

/** `Promise.withResolvers`, which browsers of 2023 do not have. */
function later<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>(done => {
    resolve = done
  })
  return { promise, resolve }
}
