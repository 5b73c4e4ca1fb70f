import {
  EncodedAudioPacketSource,
  type EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
  MATROSKA,
  MP4,
  Mp4OutputFormat,
  Output,
  type Source,
  type Target,
  WEBM,
  WebMOutputFormat,
} from 'mediabunny'
import { RecordingError } from '../types.ts'

export interface RemuxOptions {
  /** What a browser's MediaRecorder wrote, maybe without its end. */
  readonly source: Source
  /** How large that is, for the progress. */
  readonly bytes: number
  readonly target: Target
  readonly kind: 'mp4' | 'webm'
  /** From 0 to 1. */
  readonly progress: (share: number) => void
}

/**
 * Packs the same pictures and sound into a file with a duration and an index, which MediaRecorders leave out; nothing is encoded
 * again. What cannot be read at the end, because the writing was interrupted, is left out. Holds no more than a few packets and an
 * index in memory.
 * @returns The duration in ms.
 * @throws {RecordingError} `unreadable` if there is nothing to play; and what the target throws.
 */
export async function remux({ source, bytes, target, kind, progress }: RemuxOptions): Promise<number> {
  const input = new Input({ formats: [MP4, WEBM, MATROSKA], source })
  try {
    const lanes = await lanesOf(input)
    if (lanes.length === 0) throw new RecordingError('unreadable')
    const format = kind === 'mp4' ? new Mp4OutputFormat({ fastStart: false }) : new WebMOutputFormat()
    const output = new Output({ format, target })
    for (const lane of lanes) lane.addTo(output)
    await output.start()
    const durationMs = await copy(lanes, bytes, progress).catch(async (error: unknown) => {
      await output.cancel()
      throw error
    })
    await output.finalize()
    progress(1)
    return durationMs
  } finally {
    input.dispose()
  }
}

/** Copies packets in the order of their time, from zero on. */
async function copy(lanes: readonly Lane[], bytes: number, progress: (share: number) => void): Promise<number> {
  const start = Math.min(...lanes.map(({ next }) => next?.timestamp ?? Number.POSITIVE_INFINITY))
  let end = 0
  let copied = 0
  let told = 0
  for (;;) {
    const [lane] = lanes.filter(({ next }) => next).sort((a, b) => (a.next?.timestamp ?? 0) - (b.next?.timestamp ?? 0))
    const packet = lane?.next
    if (!lane || !packet) break
    const at = packet.timestamp - start
    await lane.write(packet.clone({ timestamp: at }))
    end = Math.max(end, at + packet.duration)
    copied += packet.byteLength
    const share = Math.min(0.99, copied / Math.max(1, bytes))
    if (share >= told + 0.01) {
      told = share
      progress(share)
    }
    await lane.advance()
  }
  return Math.round(end * 1000)
}

/** One track on its way from the input to the output. */
class Lane {
  next: EncodedPacket | undefined
  readonly #packets: EncodedPacketSink
  readonly #sink: Sink
  /** Reads ahead; undefined once that has failed, since what had been read ahead is lost then. */
  #ahead: AsyncGenerator<EncodedPacket, void, unknown> | undefined
  #first = true

  constructor(packets: EncodedPacketSink, sink: Sink) {
    this.#packets = packets
    this.#sink = sink
    this.#ahead = packets.packets()
  }

  addTo(output: Output): void {
    this.#sink.addTo(output)
  }

  async write(packet: EncodedPacket): Promise<void> {
    await this.#sink.write(packet, this.#first)
    this.#first = false
  }

  /** What cannot be read ends the track: it is where the writing was interrupted. */
  async advance(): Promise<void> {
    const last = this.next
    try {
      this.next = (await this.#ahead?.next())?.value || undefined
      if (this.#ahead) return
    } catch {
      this.#ahead = undefined // Where it broke is found packet by packet.
    }
    const following = last ? this.#packets.getNextPacket(last) : this.#packets.getFirstPacket()
    this.next = await following.then(
      packet => packet ?? undefined,
      () => undefined,
    )
  }
}

interface Sink {
  readonly addTo: (output: Output) => void
  readonly write: (packet: EncodedPacket, first: boolean) => Promise<void>
}

/** The tracks that have something to play, each with its first packet. */
async function lanesOf(input: Input): Promise<readonly Lane[]> {
  const tracks = await input.getTracks().catch((cause: unknown) => {
    throw new RecordingError('unreadable', { cause })
  })
  const lanes: Lane[] = []
  for (const track of tracks) {
    const sink = track.isVideoTrack()
      ? await videoSink(track)
      : track.isAudioTrack()
        ? await audioSink(track)
        : undefined
    if (!sink) continue
    const lane = new Lane(new EncodedPacketSink(track), sink)
    await lane.advance()
    if (lane.next) lanes.push(lane)
  }
  return lanes
}

async function videoSink(track: InputVideoTrack): Promise<Sink | undefined> {
  const [codec, decoderConfig] = [await track.getCodec(), await track.getDecoderConfig()]
  if (!codec || !decoderConfig) return undefined
  const source = new EncodedVideoPacketSource(codec)
  return {
    addTo: output => void output.addVideoTrack(source),
    write: (packet, first) => source.add(packet, first ? { decoderConfig } : undefined),
  }
}

async function audioSink(track: InputAudioTrack): Promise<Sink | undefined> {
  const [codec, decoderConfig] = [await track.getCodec(), await track.getDecoderConfig()]
  if (!codec || !decoderConfig) return undefined
  const source = new EncodedAudioPacketSource(codec)
  return {
    addTo: output => void output.addAudioTrack(source),
    write: (packet, first) => source.add(packet, first ? { decoderConfig } : undefined),
  }
}
