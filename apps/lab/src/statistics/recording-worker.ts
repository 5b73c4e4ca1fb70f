import { readRecording, textOfFile } from './recording-file.ts'

/** Reads one file and posts back its content. */
self.onmessage = async ({ data }: MessageEvent<Blob>) => {
  self.postMessage(readRecording(await textOfFile(data)))
}
