// A classic worker, not a module: MediaPipe loads its program by `importScripts`. So nothing may be imported here but types.
import type { SelfieSegmentation } from '@mediapipe/selfie_segmentation'
import type { FromSegmenter, ToSegmenter } from './messages.ts'

interface Scope {
  importScripts: (address: string) => void
  SelfieSegmentation?: new (...options: ConstructorParameters<typeof SelfieSegmentation>) => SelfieSegmentation
  window?: unknown
  document?: unknown
}

const scope = globalThis as unknown as Scope
let solution: SelfieSegmentation | undefined
let found: ((mask: ImageBitmap | undefined) => void) | undefined

/** A script element, as far as MediaPipe uses one. */
class Script extends EventTarget {
  #address = ''

  setAttribute(name: string, value: string): void {
    if (name === 'src') this.#address = value
  }

  run(): void {
    scope.importScripts(this.#address)
    this.dispatchEvent(new Event('load'))
  }
}

/**
 * MediaPipe says that it runs in workers, but there it forgets its WebGL context and takes its model for a script. So it is
 * shown a page: the few things that it does with one.
 */
function pretendToBeAPage(): void {
  scope.window = scope
  scope.document = {
    createElement: (name: string) => (name === 'canvas' ? new OffscreenCanvas(1, 1) : new Script()),
    addEventListener: () => {},
    body: { appendChild: (script: Script) => script.run() },
  }
}

async function load(assets: string): Promise<void> {
  const locateFile = (file: string) => new URL(file, assets).href
  pretendToBeAPage()
  scope.importScripts(locateFile('selfie_segmentation.js'))
  if (!scope.SelfieSegmentation) throw new Error('The segmentation’s script defines nothing.')
  solution = new scope.SelfieSegmentation({ locateFile })
  solution.setOptions({ modelSelection: 1, selfieMode: false })
  solution.onResults(({ image, segmentationMask }) => {
    if (image instanceof ImageBitmap) image.close()
    if (segmentationMask instanceof ImageBitmap) found?.(segmentationMask)
  })
  await solution.initialize()
  // The first picture makes the graphics driver compile the model, which may take seconds.
  const first = await outline(new OffscreenCanvas(256, 144))
  first?.close()
}

async function outline(picture: ImageBitmap | OffscreenCanvas): Promise<ImageBitmap | undefined> {
  let mask: ImageBitmap | undefined
  found = result => {
    mask = result
  }
  // It says nothing of pictures in workers, but takes whatever WebGL takes.
  await solution?.send({ image: picture as unknown as HTMLCanvasElement })
  return mask
}

const answer = (message: FromSegmenter, transfer: Transferable[] = []) => postMessage(message, { transfer })

addEventListener('message', ({ data }: MessageEvent<ToSegmenter>) => {
  const done =
    data.is === 'load'
      ? load(data.assets).then(() => answer({ is: 'ready' }))
      : outline(data.picture).then(mask => {
          data.picture.close()
          answer({ is: 'outlined', mask }, mask ? [mask] : [])
        })
  done.catch((error: unknown) => answer({ is: 'failed', message: String(error) }))
})
