import type { Room, TrackView, Unsubscribe } from '@parley/client'
import { AudioBus } from '../sound/audio-bus.ts'
import { SoundMix } from '../sound/mix.ts'
import { RecordingError } from '../types.ts'
import type { Capture, CaptureHost } from './capture.ts'
import { FileRecorder } from './file-recorder.ts'
import { formatFor } from './formats.ts'
import { type Lane, lanesOf } from './lanes.ts'

/** Pictures are asked for in the size in which they are sent at best. */
const whole = { width: 1920, height: 1080 }

interface OpenLane {
  readonly view: TrackView | undefined
  readonly mix: SoundMix | undefined
  readonly recorder: Promise<FileRecorder | undefined>
}

/** Records each person's tracks into files of their own. */
export class TracksCapture implements Capture {
  readonly #room: Room
  readonly #host: CaptureHost
  readonly #bus = new AudioBus()
  readonly #lanes = new Map<string, OpenLane>()
  /** Of lanes that have ended. */
  readonly #ending = new Set<Promise<unknown>>()
  #stopListening: Unsubscribe = () => {}
  #stop: Promise<void> | undefined

  constructor(room: Room, host: CaptureHost) {
    this.#room = room
    this.#host = host
  }

  async start(): Promise<void> {
    await this.#bus.start()
    this.#stopListening = this.#room.on('changed', () => this.#follow())
    this.#follow()
  }

  stop(): Promise<void> {
    this.#stop ??= this.#end()
    return this.#stop
  }

  async #end(): Promise<void> {
    this.#stopListening()
    for (const key of [...this.#lanes.keys()]) this.#close(key)
    await Promise.all(this.#ending)
    await this.#bus.close()
  }

  #follow(): void {
    const lanes = lanesOf(this.#room.state)
    const wanted = new Set(lanes.map(({ key }) => key))
    for (const key of [...this.#lanes.keys()]) if (!wanted.has(key)) this.#close(key)
    for (const lane of lanes) {
      const open = this.#lanes.get(lane.key) ?? this.#open(lane)
      open.mix?.set(lane.media ? [{ key: lane.key, track: lane.media }] : [])
    }
  }

  #open(lane: Lane): OpenLane {
    const sound = lane.kind === 'audio' ? this.#bus.mix() : undefined
    const media = sound?.track ?? lane.media
    const open: OpenLane = {
      view: lane.view && this.#room.view(lane.view.participant, lane.view.track, whole),
      mix: sound && new SoundMix(sound.connect),
      recorder: this.#record(lane, media).catch((error: unknown) => {
        this.#host.failed(error)
        return undefined
      }),
    }
    this.#lanes.set(lane.key, open)
    return open
  }

  async #record({ kind, track }: Lane, media: MediaStreamTrack | undefined): Promise<FileRecorder | undefined> {
    if (!media) return undefined
    const format = formatFor(kind === 'audio' ? 'sound' : 'picture', type => MediaRecorder.isTypeSupported(type))
    if (!format) throw new RecordingError('unsupported')
    const writer = await this.#host.openFile(format, track)
    if (media.readyState === 'ended') {
      await writer.close()
      return undefined
    }
    return new FileRecorder({
      stream: new MediaStream([media]),
      format,
      writer,
      ...(kind === 'audio' ? { audioBitsPerSecond: 128_000 } : { videoBitsPerSecond: 2_500_000 }),
      wrote: bytes => this.#host.wrote(bytes),
      failed: error => this.#host.failed(error),
    })
  }

  #close(key: string): void {
    const lane = this.#lanes.get(key)
    if (!lane) return
    this.#lanes.delete(key)
    lane.view?.close()
    const ended = lane.recorder
      .then(recorder => recorder?.stop())
      .then(() => {
        lane.mix?.close()
        this.#ending.delete(ended)
      })
    this.#ending.add(ended)
  }
}
