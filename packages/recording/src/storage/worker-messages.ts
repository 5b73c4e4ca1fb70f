/** What the worker that writes files is asked, by a number that its answer repeats. */
export type StoreRequest =
  | { readonly op: 'open'; readonly id: string; readonly path: string }
  | { readonly op: 'append'; readonly file: number; readonly bytes: ArrayBuffer }
  | { readonly op: 'close'; readonly file: number }
  | { readonly op: 'note'; readonly id: string; readonly path: string; readonly text: string }

export type StoreCall = StoreRequest & { readonly call: number }

export type StoreAnswer =
  | { readonly call: number; readonly value: number | undefined }
  | { readonly call: number; readonly error: { readonly name: string; readonly message: string } }

/** The folder of all recordings, in the origin's private file system. */
export const folderName = 'parley-recordings'
