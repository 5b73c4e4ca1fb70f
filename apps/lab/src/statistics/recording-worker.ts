import { readRecording, textOfFile } from './recording-file.ts'

/** Reads one file and says what is in it. */
self.onmessage = async ({ data }: MessageEvent<Blob>) => {
  self.postMessage(readRecording(await textOfFile(data)))
}
