import type { TrackSource } from '@parley/protocol'

/** How one track is encoded for one peer. */
export interface EncodingPlan {
  readonly maxBitrateBps: number | undefined
  readonly scaleResolutionDownBy: number | undefined
}

interface Row {
  readonly cameraBps: number
  readonly screenBps: number
  /** What is worth encoding at that bitrate, and what a laptop can encode so many times. */
  readonly cameraLines: number
}

/** One row per number of peers: everybody gets an encoding of their own, and an upload is seldom above 3 Mbit/s. */
const rows: readonly [Row, ...Row[]] = [
  { cameraBps: 2_500_000, screenBps: 4_000_000, cameraLines: 1080 },
  { cameraBps: 1_200_000, screenBps: 2_500_000, cameraLines: 720 },
  { cameraBps: 700_000, screenBps: 1_600_000, cameraLines: 540 },
  { cameraBps: 450_000, screenBps: 1_200_000, cameraLines: 360 },
  { cameraBps: 300_000, screenBps: 900_000, cameraLines: 360 },
]

/**
 * What a browser's first guess of the bandwidth (300 kbit/s) is enough for: of larger pictures Chromium drops the first
 * ones until it has made them as small by itself, for 0.2 s (seen in 156).
 */
const startLines = 360

/**
 * Divides what we can send over those we send it to.
 * @param peers How many are sent the track.
 * @param lines Height of the picture, if known: a small one is not made smaller.
 * @param limitBps The publisher's own limit.
 * @param starting Nobody knows yet what the path carries.
 */
export function planEncoding(
  source: TrackSource,
  peers: number,
  lines: number | undefined,
  limitBps: number | undefined,
  starting: boolean,
): EncodingPlan {
  if (source === 'microphone' || source === 'screen-audio') {
    return { maxBitrateBps: limitBps, scaleResolutionDownBy: undefined }
  }
  const row = rows[Math.min(Math.max(peers, 1), rows.length) - 1] ?? rows[0]
  const crowded = Math.max(1, peers / rows.length)
  const cameraLines = starting ? Math.min(row.cameraLines, startLines) : row.cameraLines
  const share = (source === 'screen' ? row.screenBps : row.cameraBps) / crowded
  return {
    maxBitrateBps: Math.round(Math.min(share, limitBps ?? share)),
    scaleResolutionDownBy: source === 'camera' && lines ? Math.max(1, lines / cameraLines) : 1,
  }
}
