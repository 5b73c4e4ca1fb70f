import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** What ffprobe knows of a media file. */
export interface Probed {
  /** As the file itself says it. */
  readonly durationMs: number
  readonly streams: readonly {
    readonly kind: string
    readonly codec: string
    readonly width: number
    readonly height: number
  }[]
}

export async function probe(path: string): Promise<Probed> {
  const { stdout } = await execute('ffprobe', ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', path])
  const { format, streams } = JSON.parse(stdout) as {
    readonly format: { readonly duration?: string }
    readonly streams: readonly { codec_type: string; codec_name: string; width?: number; height?: number }[]
  }
  return {
    durationMs: Number(format.duration) * 1000,
    streams: streams.map(({ codec_type: kind, codec_name: codec, width = 0, height = 0 }) => ({
      kind,
      codec,
      width,
      height,
    })),
  }
}

/** Decodes one frame at a time of the file, after a seek: red, green and blue, byte by byte. */
async function frameAt(path: string, atMs: number, width: number, height: number): Promise<Buffer> {
  const size = ['-frames:v', '1', '-s', `${width}x${height}`, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-']
  const { stdout } = await execute('ffmpeg', ['-v', 'error', '-ss', String(atMs / 1000), '-i', path, ...size], {
    encoding: 'buffer',
    maxBuffer: 2 ** 26,
  })
  return stdout
}

/** Which share of the picture at a time is mostly red, green and blue, from 0 to 1. */
export async function colours(path: string, atMs: number): Promise<Record<'red' | 'green' | 'blue', number>> {
  const frame = await frameAt(path, atMs, 160, 90)
  const share = { red: 0, green: 0, blue: 0 }
  const one = 1 / (160 * 90)
  for (let at = 0; at + 2 < frame.length; at += 3) {
    const [r = 0, g = 0, b = 0] = [frame[at], frame[at + 1], frame[at + 2]]
    if (r > 150 && g < 100 && b < 100) share.red += one
    if (g > 150 && r < 100 && b < 100) share.green += one
    if (b > 150 && r < 100 && g < 100) share.blue += one
  }
  return share
}

const rate = 16_000

/** The sound from a time on, for so long, as samples from -1 to 1 at 16 kHz. */
async function samples(path: string, fromMs: number, lengthMs: number): Promise<Float32Array> {
  const cut = ['-ss', String(fromMs / 1000), '-t', String(lengthMs / 1000), '-i', path]
  const { stdout } = await execute(
    'ffmpeg',
    ['-v', 'error', ...cut, '-vn', '-ac', '1', '-ar', `${rate}`, '-f', 'f32le', '-'],
    {
      encoding: 'buffer',
      maxBuffer: 2 ** 26,
    },
  )
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length))
}

/** How loud a tone is in a part of the file, as an amplitude from 0 to 1 (Goertzel's algorithm). */
export async function tone(path: string, hz: number, fromMs: number, lengthMs: number): Promise<number> {
  const sound = await samples(path, fromMs, lengthMs)
  const step = 2 * Math.cos((2 * Math.PI * hz) / rate)
  let [one, two] = [0, 0]
  for (const sample of sound) [one, two] = [sample + step * one - two, one]
  return (2 * Math.sqrt(Math.max(0, one * one + two * two - step * one * two))) / Math.max(1, sound.length)
}
