import type { FileWriter } from '../storage/store.ts'
import { RecordingError } from '../types.ts'
import type { Format } from './formats.ts'

/** How much of a recording a crash costs at most, ms; and how often its bytes are handed over. */
const sliceMs = 1000
/** So many slices that are not on disk yet mean that the disk is too slow, and memory would fill. */
const mostWaiting = 60

/** In this browser's MediaRecorder, beyond what TypeScript knows. */
interface Options extends MediaRecorderOptions {
  /** How far one must go back to find a picture that stands alone: for searching, and for what a crash costs. */
  readonly videoKeyFrameIntervalDuration?: number
}

export interface FileRecorderOptions {
  readonly stream: MediaStream
  readonly format: Format
  readonly writer: FileWriter
  readonly videoBitsPerSecond?: number
  readonly audioBitsPerSecond?: number
  readonly wrote: (bytes: number) => void
  /** Neither more slices nor another failure follow. */
  readonly failed: (error: unknown) => void
}

/** One MediaRecorder on its way to one file. */
export class FileRecorder {
  readonly #options: FileRecorderOptions
  readonly #recorder: MediaRecorder
  readonly #stopped: Promise<unknown>
  #writing: Promise<void> = Promise.resolve()
  #waiting = 0
  #broken = false
  #stop: Promise<void> | undefined

  constructor(options: FileRecorderOptions) {
    const { stream, format, videoBitsPerSecond, audioBitsPerSecond } = options
    this.#options = options
    const settings: Options = {
      mimeType: format.mimeType,
      ...(videoBitsPerSecond !== undefined && { videoBitsPerSecond }),
      ...(audioBitsPerSecond !== undefined && { audioBitsPerSecond }),
      videoKeyFrameIntervalDuration: 2000,
    }
    const recorder = new MediaRecorder(stream, settings)
    recorder.ondataavailable = ({ data }) => this.#slice(data)
    recorder.onerror = event => this.#fail(Reflect.get(event, 'error') ?? new RecordingError('failed'))
    this.#stopped = new Promise(resolve => recorder.addEventListener('stop', resolve, { once: true }))
    this.#recorder = recorder
    recorder.start(sliceMs)
  }

  /** Resolves when all that was recorded has been written, or has failed. Also right if the recorder stopped by itself. */
  stop(): Promise<void> {
    this.#stop ??= this.#end()
    return this.#stop
  }

  async #end(): Promise<void> {
    if (this.#recorder.state !== 'inactive') this.#recorder.stop()
    await this.#stopped
    await this.#writing
    await this.#options.writer.close().catch((error: unknown) => this.#fail(error))
  }

  #slice(data: Blob): void {
    if (this.#broken || data.size === 0) return
    if (++this.#waiting > mostWaiting) this.#fail(new RecordingError('failed'))
    else this.#writing = this.#writing.then(() => this.#write(data))
  }

  async #write(data: Blob): Promise<void> {
    if (this.#broken) return
    try {
      await this.#options.writer.append(await data.arrayBuffer())
      this.#waiting--
      this.#options.wrote(data.size)
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    if (this.#broken) return
    this.#broken = true
    this.#options.failed(error)
  }
}
