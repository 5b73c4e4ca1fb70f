import { AskedWorker } from '../ask-worker.ts'
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
  const worker = new AskedWorker<ToFaces, FromFaces>(
    new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  )
  try {
    await worker.ask({ is: 'load', assets })
  } catch (error) {
    worker.close()
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
      const answer = await worker.ask({ is: 'find', picture }, [picture])
      return answer.is === 'found' ? answer.points : undefined
    },
    close: () => worker.close(),
  }
}
