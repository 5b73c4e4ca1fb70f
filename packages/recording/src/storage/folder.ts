import { RecordingError } from '../types.ts'
import { folderName } from './worker-messages.ts'

/** A file that is written in place; TypeScript knows of it only where there is no page. */
export interface SyncAccessHandle {
  write(bytes: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number
  truncate(size: number): void
  flush(): void
  close(): void
}

/** Opens a file, which is made if need be, to be written in place. Only in a worker. */
export async function openFile(folder: FileSystemDirectoryHandle, path: string): Promise<SyncAccessHandle> {
  const file = await folder.getFileHandle(path, { create: true })
  return (
    file as FileSystemFileHandle & { createSyncAccessHandle(): Promise<SyncAccessHandle> }
  ).createSyncAccessHandle()
}

/**
 * The folder of all recordings, or of one.
 * @throws {RecordingError} `no-storage`; and the browser's `NotFoundError` if it is not there and not to be made.
 */
export async function openFolder(id: string | undefined, create: boolean): Promise<FileSystemDirectoryHandle> {
  const { storage } = navigator as { readonly storage?: StorageManager }
  if (!storage?.getDirectory) throw new RecordingError('no-storage')
  const root = await storage.getDirectory().catch((cause: unknown) => {
    throw new RecordingError('no-storage', { cause })
  })
  const all = await root.getDirectoryHandle(folderName, { create })
  return id === undefined ? all : all.getDirectoryHandle(id, { create })
}
