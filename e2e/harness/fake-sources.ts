import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Colour = readonly [red: number, green: number, blue: number]

export interface FakeSources {
  /** Flags for Chromium, whose camera then shows a drawn person before squares of orange and blue, and whose microphone hears a fan. */
  readonly flags: readonly string[]
  close(): Promise<void>
}

const width = 320
const height = 180
const square = 6

/** Files that take the place of what cameras and microphones give. */
export async function fakeSources(): Promise<FakeSources> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-sources-'))
  const picture = join(folder, 'person.y4m')
  const sound = join(folder, 'fan.wav')
  await Promise.all([writeFile(picture, film()), writeFile(sound, fan())])
  return {
    flags: [`--use-file-for-fake-video-capture=${picture}`, `--use-file-for-fake-audio-capture=${sound}`],
    close: () => rm(folder, { recursive: true }),
  }
}

/** YUV4MPEG2, 4:2:0: a few frames of the same, which the browser repeats. */
function film(): Buffer {
  const luma = Buffer.alloc(width * height)
  const [cb, cr] = [Buffer.alloc((width * height) / 4), Buffer.alloc((width * height) / 4)]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [r, g, b] = colourAt(x, y)
      const i = (y >> 1) * (width / 2) + (x >> 1)
      luma[y * width + x] = 16 + 0.257 * r + 0.504 * g + 0.098 * b
      cb[i] = 128 - 0.148 * r - 0.291 * g + 0.439 * b
      cr[i] = 128 + 0.439 * r - 0.368 * g - 0.071 * b
    }
  }
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, cb, cr])
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420\n`), ...Array(4).fill(frame)])
}

/** Somebody with a round face, as a camera would see them; `x` and `y` in pixels. */
function colourAt(x: number, y: number): Colour {
  const within = (cx: number, cy: number, rx: number, ry: number) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1
  const shade = 1 - Math.abs(x - 160) / 220
  const skin: Colour = [224 * shade, 172 * shade, 140 * shade]
  if (within(146, 76, 3, 3) || within(174, 76, 3, 3)) return [30, 22, 20]
  if (within(146, 76, 8, 4) || within(174, 76, 8, 4)) return [240, 238, 235]
  if (within(146, 66, 10, 2) || within(174, 66, 10, 2)) return [70, 45, 32]
  if (within(160, 92, 5, 3)) return [196 * shade, 140 * shade, 112 * shade]
  if (within(160, 106, 13, 4)) return [176, 78, 78]
  if (within(160, 85, 33, 44) && y > 50) return skin
  if (within(160, 76, 38, 46)) return [58, 38, 28]
  if (within(160, 128, 15, 24)) return [skin[0] * 0.85, skin[1] * 0.85, skin[2] * 0.85]
  if (within(160, 190, 82, 54)) return [44, 62, 80]
  return (Math.floor(x / square) + Math.floor(y / square)) % 2 ? [240, 150, 30] : [30, 60, 160]
}

/**
 * Four seconds of low noise at some -20 dBFS, which both models know for noise: RNNoise leaves white noise as it is. WAV, 48 kHz,
 * 16 bit, mono. The same every time.
 */
function fan(): Buffer {
  const rate = 48_000
  const samples = rate * 4
  const data = Buffer.alloc(samples * 2)
  let state = 12_345
  let low = 0
  for (let i = 0; i < samples; i++) {
    state = (state * 16_807) % 2_147_483_647
    low = low * 0.97 + (state / 2_147_483_647 - 0.5) * 2 * 0.04
    data.writeInt16LE(Math.round(low * 32_767), i * 2)
  }
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + data.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate * 2, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(data.length, 40)
  return Buffer.concat([head, data])
}
