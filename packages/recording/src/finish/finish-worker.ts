import { BlobSource, StreamTarget, type StreamTargetChunk } from 'mediabunny'
import { openFile, openFolder } from '../storage/folder.ts'
import { RecordingError } from '../types.ts'
import type { FinishAnswer, FinishRequest } from './messages.ts'
import { remux } from './remux.ts'

/** Finishes one file, from disk to disk. */
self.onmessage = async ({ data }: MessageEvent<FinishRequest>) => {
  const say = (answer: FinishAnswer) => self.postMessage(answer)
  try {
    say({ durationMs: await finish(data, progress => say({ progress })) })
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    say({ error: { name, message, ...(error instanceof RecordingError && { code: error.code }) } })
  }
}

async function finish({ id, part, whole }: FinishRequest, progress: (share: number) => void): Promise<number> {
  const folder = await openFolder(id, false)
  const file = await (await folder.getFileHandle(part)).getFile()
  const handle = await openFile(folder, whole)
  try {
    handle.truncate(0)
    const writable = new WritableStream<StreamTargetChunk>({
      write({ data, position }) {
        if (handle.write(data, { at: position }) < data.length)
          throw new DOMException('The disk is full.', 'QuotaExceededError')
      },
    })
    const durationMs = await remux({
      source: new BlobSource(file),
      bytes: file.size,
      target: new StreamTarget(writable, { chunked: true, chunkSize: 2 ** 20 }),
      kind: whole.endsWith('.mp4') ? 'mp4' : 'webm',
      progress,
    })
    handle.flush()
    return durationMs
  } finally {
    handle.close()
  }
}
