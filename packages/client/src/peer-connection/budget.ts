import type { TrackSource } from '@parley/protocol'

/** How to encode a track for one peer, or one layer of it for everybody. */
export interface EncodingPlan {
  readonly active: boolean
  readonly maxBitrateBps: number | undefined
  readonly scaleResolutionDownBy: number | undefined
  readonly maxFramerate?: number
}

interface Row {
  readonly cameraBps: number
  readonly screenBps: number
  /** The height that is worth encoding at that bitrate, and that a laptop can encode for so many peers. */
  readonly cameraLines: number
}

/** One row per number of peers: each of them gets an encoding of its own, and few uplinks have more than 3 Mbit/s. */
const rows: readonly [Row, ...Row[]] = [
  { cameraBps: 2_500_000, screenBps: 4_000_000, cameraLines: 1080 },
  { cameraBps: 1_200_000, screenBps: 2_500_000, cameraLines: 720 },
  { cameraBps: 700_000, screenBps: 1_600_000, cameraLines: 540 },
  { cameraBps: 450_000, screenBps: 1_200_000, cameraLines: 360 },
  { cameraBps: 300_000, screenBps: 900_000, cameraLines: 360 },
]

/**
 * The height for which the browser's first guess of the bandwidth (300 kbit/s) is enough. With larger pictures, Chromium drops
 * frames for the first 0.2 s, until it has scaled them down by itself (seen in 156).
 */
const startLines = 360

/**
 * Divides our bandwidth among the peers that we send to.
 * @param peers How many peers are sent the track.
 * @param lines The height of the picture, if known: a small one is not scaled down.
 * @param limitBps The publisher's own limit.
 * @param starting Whether the bandwidth of the path is not known yet.
 */
export function planEncoding(
  source: TrackSource,
  peers: number,
  lines: number | undefined,
  limitBps: number | undefined,
  starting: boolean,
): EncodingPlan {
  if (source === 'microphone' || source === 'screen-audio') {
    return { active: true, maxBitrateBps: limitBps, scaleResolutionDownBy: undefined }
  }
  const row = rows[Math.min(Math.max(peers, 1), rows.length) - 1] ?? rows[0]
  const crowded = Math.max(1, peers / rows.length)
  const cameraLines = starting ? Math.min(row.cameraLines, startLines) : row.cameraLines
  const share = (source === 'screen' ? row.screenBps : row.cameraBps) / crowded
  return {
    active: true,
    maxBitrateBps: Math.round(Math.min(share, limitBps ?? share)),
    scaleResolutionDownBy: source === 'camera' && lines ? Math.max(1, lines / cameraLines) : 1,
  }
}
