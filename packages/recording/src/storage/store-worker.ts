import { openFile, openFolder, type SyncAccessHandle } from './folder.ts'
import type { StoreAnswer, StoreCall, StoreRequest } from './worker-messages.ts'

/**
 * Writes recordings. In a worker, because only there are files of the private file system written in place, where what was written
 * stays if the browser is killed; a `FileSystemWritableFileStream` keeps it aside until it is closed.
 */
const files = new Map<number, { readonly handle: SyncAccessHandle; size: number }>()
let opened = 0
/** One call after the other: their order is that of the bytes. */
let last: Promise<unknown> = Promise.resolve()

self.onmessage = ({ data: call }: MessageEvent<StoreCall>) => {
  last = last.then(async () => self.postMessage(await answer(call)))
}

async function answer(call: StoreCall): Promise<StoreAnswer> {
  try {
    return { call: call.call, value: await perform(call) }
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    return { call: call.call, error: { name, message } }
  }
}

async function perform(request: StoreRequest): Promise<number | undefined> {
  switch (request.op) {
    case 'open': {
      const handle = await openFile(await openFolder(request.id, true), request.path)
      handle.truncate(0)
      files.set(++opened, { handle, size: 0 })
      return opened
    }
    case 'append': {
      const file = files.get(request.file)
      if (!file) throw new Error('The file is closed.')
      file.size += writeAll(file.handle, new Uint8Array(request.bytes), file.size)
      return file.size
    }
    case 'close':
      files.get(request.file)?.handle.close()
      files.delete(request.file)
      return undefined
    case 'note': {
      const handle = await openFile(await openFolder(request.id, true), request.path)
      try {
        handle.truncate(writeAll(handle, new TextEncoder().encode(request.text), 0))
      } finally {
        handle.close()
      }
      return undefined
    }
  }
}

/** Browsers may write less than they were given when the disk is full. */
function writeAll(handle: SyncAccessHandle, bytes: Uint8Array<ArrayBuffer>, at: number): number {
  const written = handle.write(bytes, { at })
  if (written < bytes.length) throw new DOMException('The disk is full.', 'QuotaExceededError')
  handle.flush()
  return written
}
