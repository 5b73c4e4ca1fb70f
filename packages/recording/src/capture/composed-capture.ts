import type { Room } from '@parley/client'
import { Composer, type ComposerOptions } from '../picture/composer.ts'
import { AudioBus } from '../sound/audio-bus.ts'
import { SoundMix, voicesOf } from '../sound/mix.ts'
import { RecordingError } from '../types.ts'
import type { Capture, CaptureHost } from './capture.ts'
import { FileRecorder } from './file-recorder.ts'
import { formatFor } from './formats.ts'

/** Records the meeting as one picture with all sound. */
export class ComposedCapture implements Capture {
  readonly #room: Room
  readonly #host: CaptureHost
  readonly #options: ComposerOptions
  readonly #closing: (() => unknown)[] = []
  #recorder: FileRecorder | undefined
  #stop: Promise<void> | undefined

  constructor(room: Room, host: CaptureHost, options: ComposerOptions) {
    this.#room = room
    this.#host = host
    this.#options = options
  }

  async start(): Promise<void> {
    const format = formatFor('meeting', type => MediaRecorder.isTypeSupported(type))
    if (!format) throw new RecordingError('unsupported')
    const composer = new Composer(this.#room, this.#options)
    this.#closing.push(() => composer.close())
    const bus = new AudioBus()
    this.#closing.push(() => bus.close())
    await bus.start()
    const { track: sound, connect } = bus.mix()
    const mix = new SoundMix(connect)
    const follow = () => mix.set(voicesOf(this.#room.state))
    this.#closing.unshift(this.#room.on('changed', follow), () => mix.close())
    follow()
    this.#recorder = new FileRecorder({
      stream: new MediaStream([composer.track, sound]),
      format,
      writer: await this.#host.openFile(format),
      videoBitsPerSecond: 2_500_000,
      audioBitsPerSecond: 128_000,
      wrote: bytes => this.#host.wrote(bytes),
      failed: error => this.#host.failed(error),
    })
  }

  stop(): Promise<void> {
    this.#stop ??= this.#end()
    return this.#stop
  }

  async #end(): Promise<void> {
    await this.#recorder?.stop()
    for (const close of this.#closing.splice(0)) await close()
  }
}
