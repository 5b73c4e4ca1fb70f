import type { FacePoints } from './points.ts'

/** To the worker that looks for faces. */
export type ToFaces =
  | { readonly is: 'load'; readonly assets: string }
  | { readonly is: 'find'; readonly picture: ImageBitmap }

export type FromFaces =
  | { readonly is: 'ready' }
  | { readonly is: 'found'; readonly points: FacePoints | undefined }
  | { readonly is: 'failed'; readonly message: string }
