import {
  BufferSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Input,
  MATROSKA,
  MkvOutputFormat,
  MP4,
  Mp4OutputFormat,
  Output,
  WEBM,
} from 'mediabunny'
import { describe, expect, it } from 'vitest'
import { remux } from './remux.ts'

/** A key frame of VP8, 16 × 16 (RFC 6386 §9.1), as far as a container reads it. */
const keyFrame = Uint8Array.of(0x10, 0, 0, 0x9d, 0x01, 0x2a, 16, 0, 16, 0, 1, 2, 3, 4)
const deltaFrame = Uint8Array.of(0x11, 0, 0, 5, 6, 7)

/** What a MediaRecorder writes: fragments or clusters, without a duration or an index; it begins at two seconds. */
async function recorded(kind: 'mp4' | 'webm', seconds: number): Promise<Uint8Array> {
  const target = new BufferTarget()
  const format =
    kind === 'mp4'
      ? new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 0.5 })
      : new MkvOutputFormat({ appendOnly: true })
  const output = new Output({ format, target })
  const video = new EncodedVideoPacketSource('vp8')
  const audio = new EncodedAudioPacketSource('opus')
  output.addVideoTrack(video)
  output.addAudioTrack(audio)
  await output.start()
  for (let at = 0; at < seconds * 50; at++) {
    const time = 2 + at / 50
    await audio.add(new EncodedPacket(new Uint8Array(20).fill(1), 'key', time, 0.02), {
      decoderConfig: { codec: 'opus', sampleRate: 48_000, numberOfChannels: 1 },
    })
    if (at % 2 === 1) continue
    const isKey = at % 50 === 0
    await video.add(new EncodedPacket(isKey ? keyFrame : deltaFrame, isKey ? 'key' : 'delta', time, 0.04), {
      decoderConfig: { codec: 'vp8', codedWidth: 16, codedHeight: 16 },
    })
  }
  await output.finalize()
  return new Uint8Array(target.buffer ?? new ArrayBuffer(0))
}

async function remuxed(bytes: Uint8Array, kind: 'mp4' | 'webm') {
  const target = new BufferTarget()
  const told: number[] = []
  const durationMs = await remux({
    source: new BufferSource(bytes),
    bytes: bytes.length,
    target,
    kind,
    progress: share => told.push(share),
  })
  const input = new Input({
    formats: [MP4, WEBM, MATROSKA],
    source: new BufferSource(target.buffer ?? new ArrayBuffer(0)),
  })
  return { durationMs, input, told }
}

describe.each(['mp4', 'webm'] as const)('%s', kind => {
  it('gets the right duration, both tracks from zero on, and an index', async () => {
    const { durationMs, input, told } = await remuxed(await recorded(kind, 4), kind)
    expect(durationMs).toBeGreaterThan(3950)
    expect(durationMs).toBeLessThan(4050)
    expect((await input.getDurationFromMetadata()) ?? 0).toBeCloseTo(4, 1)
    expect(await input.getFirstTimestamp()).toBeCloseTo(0, 2)
    expect((await input.getTracks()).map(track => track.type).sort()).toEqual(['audio', 'video'])
    expect(told.at(-1)).toBe(1)
    expect(told).toEqual([...told].sort((a, b) => a - b))
  })

  it('keeps what can be read of a file that ends anywhere', async () => {
    const bytes = await recorded(kind, 4)
    for (const share of [0.3, 0.5, 0.777, 0.9, 0.99]) {
      const { durationMs } = await remuxed(bytes.slice(0, Math.floor(bytes.length * share)), kind)
      expect(durationMs, `${share}`).toBeGreaterThan(4000 * share - 1100)
      expect(durationMs, `${share}`).toBeLessThan(4050)
    }
  })

  it('finds nothing in an empty file, one that is no media, and one that ends before its first picture', async () => {
    const head = (await recorded(kind, 1)).slice(0, 40)
    for (const bytes of [new Uint8Array(0), new Uint8Array(5000).fill(7), head]) {
      await expect(remuxed(bytes, kind)).rejects.toMatchObject({ code: 'unreadable' })
    }
  })

  it('lets through what the target throws', async () => {
    const bytes = await recorded(kind, 1)
    const target = new BufferTarget({
      onFinalize: () => {
        throw new DOMException('No space.', 'QuotaExceededError')
      },
    })
    const options = { source: new BufferSource(bytes), bytes: bytes.length, target, kind, progress: () => {} }
    await expect(remux(options)).rejects.toMatchObject({ name: 'QuotaExceededError' })
  })
})
