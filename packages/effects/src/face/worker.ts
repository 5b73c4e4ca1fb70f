import type { Config, Human } from '@vladmandic/human'
import type { FromFaces, ToFaces } from './messages.ts'
import { type FacePoints, pointsOf } from './points.ts'

/** Only the two models that find a face's points; nothing about age, mood or who it is. */
const config = (assets: string): Partial<Config> => {
  const off = { enabled: false }
  return {
    backend: 'webgl',
    modelBasePath: assets,
    cacheModels: false,
    validateModels: false,
    debug: false,
    warmup: 'none',
    filter: { enabled: false } as Config['filter'],
    face: {
      enabled: true,
      detector: {
        modelPath: 'blazeface.json',
        maxDetected: 1,
        minConfidence: 0.4,
        rotation: false,
        skipFrames: 12,
        skipTime: 800,
      },
      mesh: { enabled: true, modelPath: 'facemesh.json' },
      attention: off,
      iris: off,
      description: off,
      emotion: off,
      antispoof: off,
      liveness: off,
    } as Partial<Config['face']> as Config['face'],
    body: off as Config['body'],
    hand: off as Config['hand'],
    object: off as Config['object'],
    gesture: off as Config['gesture'],
    segmentation: off as Config['segmentation'],
  }
}

interface Library {
  readonly Human: new (config: Partial<Config>) => Human
}

let human: Human | undefined

async function load(assets: string): Promise<void> {
  const library = (await import(/* @vite-ignore */ new URL('human.esm.js', assets).href)) as Library
  human = new library.Human(config(assets))
  await human.load()
  // It logs what it cannot load, and goes on without it.
  for (const model of human.models.loaded()) if (model === 'blazeface') return
  if (human.models.loaded().length < 2) throw new Error('The models of the face cannot be loaded.')
}

async function find(picture: ImageBitmap): Promise<FacePoints | undefined> {
  try {
    const result = await human?.detect(picture)
    const mesh = result?.face[0]?.meshRaw
    return mesh && pointsOf(mesh)
  } finally {
    picture.close()
  }
}

const answer = (message: FromFaces) => postMessage(message)

addEventListener('message', ({ data }: MessageEvent<ToFaces>) => {
  const done =
    data.is === 'load'
      ? load(data.assets).then(() => answer({ is: 'ready' }))
      : find(data.picture).then(points => answer({ is: 'found', points }))
  done.catch((error: unknown) => answer({ is: 'failed', message: String(error) }))
})
