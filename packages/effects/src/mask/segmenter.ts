import { AskedWorker } from '../ask-worker.ts'
import type { Picture } from '../gl/compositor.ts'
import type { FromSegmenter, ToSegmenter } from './messages.ts'

/** Says where in a picture the person is. */
export interface Segmenter {
  /** The outline of the person, opaque where they are, which the caller closes. One picture at a time. */
  outline(picture: Picture): Promise<ImageBitmap | undefined>
}

/** What the model looks at, px: a picture of this size is enough for it. */
const input = { width: 256, height: 144 }

/** One for the page: its program is large, and takes seconds to begin where there is no GPU. */
const loaded = new Map<string, Promise<Segmenter>>()

/**
 * Starts the worker that looks for people, once for the page. `assets` is the folder with the files of MediaPipe's selfie
 * segmentation.
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
  const worker = new AskedWorker<ToSegmenter, FromSegmenter>(new Worker(new URL('./worker.ts', import.meta.url)))
  try {
    await worker.ask({ is: 'load', assets })
  } catch (error) {
    worker.close()
    throw error
  }
  const canvas = new OffscreenCanvas(input.width, input.height)
  const pen = canvas.getContext('2d')
  return {
    outline: async source => {
      pen?.drawImage(source, 0, 0, input.width, input.height)
      const picture = canvas.transferToImageBitmap()
      const answer = await worker.ask({ is: 'outline', picture }, [picture])
      return answer.is === 'outlined' ? answer.mask : undefined
    },
  }
}
