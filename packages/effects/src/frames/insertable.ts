import { asFrom, type FrameLoop, type Paint } from './frame-loop.ts'

/** “Insertable streams for MediaStreamTrack”, as far as they are used; TypeScript does not know them. */
interface Processor {
  readonly readable: ReadableStream<VideoFrame>
}
type ProcessorClass = new (options: { readonly track: MediaStreamTrack }) => Processor

interface Generator extends MediaStreamTrack {
  readonly writable: WritableStream<VideoFrame>
}
type GeneratorClass = new (options: { readonly kind: 'video' }) => Generator

function classes(): { readonly Processor: ProcessorClass; readonly Generator: GeneratorClass } | undefined {
  const Processor: unknown = Reflect.get(globalThis, 'MediaStreamTrackProcessor')
  const Generator: unknown = Reflect.get(globalThis, 'MediaStreamTrackGenerator')
  if (typeof Processor !== 'function' || typeof Generator !== 'function' || !('VideoFrame' in globalThis))
    return undefined
  return { Processor: Processor as ProcessorClass, Generator: Generator as GeneratorClass }
}

/**
 * Frames as they come from the camera, also in a tab that nobody looks at; undefined where the browser cannot (it is
 * Chromium's). Every frame is closed.
 */
export function openInsertable(source: MediaStreamTrack, paint: Paint): FrameLoop | undefined {
  const { Processor, Generator } = classes() ?? {}
  if (!Processor || !Generator) return undefined
  const track = new Generator({ kind: 'video' })
  asFrom(source, track)
  const reader = new Processor({ track: source }).readable.getReader()
  const writer = track.writable.getWriter()
  let closed = false

  async function run(): Promise<void> {
    while (!closed) {
      const { value: frame, done } = await reader.read()
      if (done) break
      await pass(frame)
    }
  }

  async function pass(frame: VideoFrame): Promise<void> {
    try {
      const painted = await paint(frame, { width: frame.displayWidth, height: frame.displayHeight })
      if (closed || painted === 'nothing') return
      const { timestamp } = frame
      // The generator closes what it is given.
      await writer.write(painted === 'plain' ? frame.clone() : new VideoFrame(painted, { timestamp, alpha: 'discard' }))
    } finally {
      frame.close()
    }
  }

  function close(): void {
    if (closed) return
    closed = true
    track.stop()
    const ignore = () => {} // The source may have ended, and the sink with the track: nothing is left to be closed then.
    reader.cancel().catch(ignore)
    writer.close().catch(ignore)
  }

  // Fails only when the streams have ended: by the source, or by whoever stopped our track.
  run().then(close, close)
  return { track, close }
}
