import type { Picture } from '../gl/compositor.ts'
import type { Size } from '../mask/smoothing.ts'
import type { FromFaces, ToFaces } from './messages.ts'
import type { FacePoints } from './points.ts'

/** Finds the points of the largest face. */
export interface FaceFinder {
  /** Undefined where there is no face. One picture at a time. */
  find(picture: Picture, size: Size): Promise<FacePoints | undefined>
  close(): void
}

/** What is searched, px: faces of one person before a camera are large. */
const width = 320

/**
 * Starts a worker with the models of the face. `assets` is the folder where they are.
 * @throws {Error} If a file does not arrive, or the browser does not run it.
 */
export async function loadFaces(assets: string): Promise<FaceFinder> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  let answered: ((message: FromFaces) => void) | undefined
  worker.addEventListener('message', ({ data }: MessageEvent<FromFaces>) => answered?.(data))
  worker.addEventListener('error', event => {
    event.preventDefault()
    answered?.({ is: 'failed', message: event.message || 'The worker does not start.' })
  })
  const ask = (message: ToFaces, transfer: Transferable[] = []) =>
    new Promise<FromFaces>((resolve, reject) => {
      answered = reply => (reply.is === 'failed' ? reject(new Error(reply.message)) : resolve(reply))
      worker.postMessage(message, transfer)
    })
  try {
    await ask({ is: 'load', assets })
  } catch (error) {
    worker.terminate()
    throw error
  }
  const canvas = new OffscreenCanvas(width, width)
  const pen = canvas.getContext('2d')
  return {
    find: async (source, size) => {
      const height = Math.max(1, Math.round((width * size.height) / size.width))
      if (canvas.height !== height) canvas.height = height
      pen?.drawImage(source, 0, 0, width, height)
      const picture = canvas.transferToImageBitmap()
      const reply = await ask({ is: 'find', picture }, [picture])
      return reply.is === 'found' ? reply.points : undefined
    },
    close: () => worker.terminate(),
  }
}
