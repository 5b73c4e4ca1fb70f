/** To the worker that looks for the person; each is answered once, in turn. */
export type ToSegmenter =
  | { readonly is: 'load'; readonly assets: string }
  | { readonly is: 'outline'; readonly picture: ImageBitmap }

export type FromSegmenter =
  | { readonly is: 'ready' }
  | { readonly is: 'outlined'; readonly mask: ImageBitmap | undefined }
  | { readonly is: 'failed'; readonly message: string }
