import { froze } from './quality.ts'
import type { PeerStats, TrackStats, Trouble } from './types.ts'

/** What one measurement says about a trouble. `unknown`: the browser does not tell. `none`: nothing could have this trouble. */
type Sign = 'bad' | 'good' | 'unknown' | 'none'

/**
 * A codec that is busy for more than this share of the time, and leaves more than this share of the frames, cannot keep up.
 * (Seen in Chromium 156 on a busy machine: an encoder at 0.8 to 0.9 that skipped a third of the frames, while every other
 * report said that nothing limited it.)
 */
const encoderBusy = 0.7
const decoderBusy = 0.85
const unencodedFrames = 0.2
const undecodedFrames = 0.3
/** Loss that is noticed. */
const seriousLoss = 0.08
/** Loss that matters together with other signs. */
const someLoss = 0.02
/** Too little bandwidth for acceptable video. */
const tinyBps = 150_000

/** @param before The measurement before, by participant. */
type Read = (stats: readonly PeerStats[], before: ReadonlyMap<string, PeerStats>) => Sign

/** Reads a sign of each trouble from a measurement. */
export const signs: Record<Trouble, Read> = {
  'slow-encoding': stats => anyOf(sentPictures(stats).map(encoding)),
  'slow-decoding': stats => anyOf(received(stats).filter(isPicture).map(decoding)),
  'thin-uplink': stats => allOf(stats.map(uplink)),
  'thin-downlink': (stats, before) => allOf(stats.map(path => downlink(path, before.get(path.participant)))),
}

const flows = ({ bitrateBps }: TrackStats) => bitrateBps === undefined || bitrateBps > 0
const isPicture = ({ source }: TrackStats) => source === 'camera' || source === 'screen'
const sent = (path: PeerStats) => path.tracks.filter(track => track.direction === 'out' && flows(track))
const sentPictures = (stats: readonly PeerStats[]) => stats.flatMap(sent).filter(isPicture)
const received = (stats: readonly PeerStats[]) =>
  stats.flatMap(({ tracks }) => tracks.filter(track => track.direction === 'in' && flows(track)))

/** Chromium may report `cpu` itself; otherwise a busy encoder that skips frames is taken as the sign. */
function encoding({ limitedBy, codecBusy, unencoded }: TrackStats): Sign {
  if (limitedBy === 'cpu') return 'bad'
  if (codecBusy === undefined || codecBusy < encoderBusy)
    return (limitedBy ?? codecBusy) === undefined ? 'unknown' : 'good'
  if (unencoded === undefined) return 'unknown'
  return unencoded >= unencodedFrames ? 'bad' : 'good'
}

/** Frames have arrived and are not decoded; if packets are lost as well, the cause is the network. */
function decoding({ undecoded, codecBusy, loss }: TrackStats): Sign {
  if (undecoded === undefined) return 'unknown'
  if (undecoded < undecodedFrames) return 'good'
  if (loss === undefined || loss >= someLoss) return 'unknown'
  // An idle decoder has nothing that it could decode: a key frame is missing.
  return codecBusy === undefined || codecBusy >= decoderBusy ? 'bad' : 'unknown'
}

function uplink(path: PeerStats): Sign {
  const tracks = sent(path)
  if (tracks.length === 0) return 'none'
  const pictures = tracks.filter(isPicture)
  if (tracks.some(({ loss }) => loss !== undefined && loss >= seriousLoss)) return 'bad'
  // If the picture is small already, Chromium sends fewer and worse frames, and reports that nothing limits it (seen in 156).
  if (pictures.length > 0 && path.availableOutBps !== undefined && path.availableOutBps < tinyBps) return 'bad'
  if (pictures.some(picture => starved(picture, path))) return 'bad'
  const told =
    tracks.some(({ loss }) => loss !== undefined) || pictures.some(({ limitedBy }) => limitedBy !== undefined)
  return told ? 'good' : 'unknown'
}

/** Whether the picture was made smaller or slower because of the bandwidth, and not because of the limit that we set. */
function starved(picture: TrackStats, { tracks, availableOutBps }: PeerStats): boolean {
  if (picture.limitedBy !== 'bandwidth') return false
  const { height, capturedHeight, unencoded } = picture
  const isSmall = height !== undefined && capturedHeight !== undefined && height <= capturedHeight / 2
  const isSlow = unencoded !== undefined && unencoded >= 0.5
  const sentBps = tracks.reduce((sum, { direction, bitrateBps = 0 }) => sum + (direction === 'out' ? bitrateBps : 0), 0)
  return (isSmall || isSlow) && (availableOutBps === undefined || sentBps > availableOutBps / 2)
}

function downlink(path: PeerStats, before: PeerStats | undefined): Sign {
  const tracks = received([path])
  if (tracks.length === 0) return 'none'
  const losses = tracks.flatMap(({ loss }) => loss ?? [])
  if (losses.length === 0) return 'unknown'
  const loss = Math.max(...losses)
  return loss >= seriousLoss || (loss >= someLoss && froze(path, before)) ? 'bad' : 'good'
}

/** All tracks share one processor: one bad sign is enough. */
function anyOf(all: readonly Sign[]): Sign {
  return (['bad', 'good', 'unknown'] as const).find(sign => all.includes(sign)) ?? 'none'
}

/** If one path is good, a bad one is not the fault of our end. */
function allOf(all: readonly Sign[]): Sign {
  return (['good', 'bad', 'unknown'] as const).find(sign => all.includes(sign)) ?? 'none'
}
