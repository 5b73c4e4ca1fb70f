import type { PeerStats, TrackStats, Trouble } from '../types.ts'
import { froze } from './quality.ts'

/** What one measurement says of a trouble. `unknown`: the browser does not tell. `none`: there is nothing that could have it. */
export type Sign = 'bad' | 'good' | 'unknown' | 'none'

/**
 * A codec that works so much of the time, while so many frames stay behind, cannot keep up. (Seen in Chromium 156 on a busy
 * machine: an encoder at 0.8 to 0.9, without a third of the frames, and every other time it says that nothing limits it.)
 */
const encoderBusy = 0.7
const decoderBusy = 0.85
const unencodedFrames = 0.2
const undecodedFrames = 0.3
/** Packets that are lost and are missed. */
const seriousLoss = 0.08
/** Not to be called lossless. */
const someLoss = 0.02
/** Too little for a picture that one likes to look at. */
const tinyBps = 150_000

/** @param before The measurement before, by participant. */
type Read = (stats: readonly PeerStats[], before: ReadonlyMap<string, PeerStats>) => Sign

/** What a measurement says of each trouble. */
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

/** Chromium may say so itself. */
function encoding({ limitedBy, codecBusy, unencoded }: TrackStats): Sign {
  if (limitedBy === 'cpu') return 'bad'
  if (codecBusy === undefined || codecBusy < encoderBusy)
    return (limitedBy ?? codecBusy) === undefined ? 'unknown' : 'good'
  if (unencoded === undefined) return 'unknown'
  return unencoded >= unencodedFrames ? 'bad' : 'good'
}

/** Frames that are here and are not decoded: where packets are lost that is the network’s doing. */
function decoding({ undecoded, codecBusy, loss }: TrackStats): Sign {
  if (undecoded === undefined) return 'unknown'
  if (undecoded < undecodedFrames) return 'good'
  if (loss === undefined || loss >= someLoss) return 'unknown'
  // A decoder that waits has been sent what cannot be decoded: a key frame is missing.
  return codecBusy === undefined || codecBusy >= decoderBusy ? 'bad' : 'unknown'
}

function uplink(path: PeerStats): Sign {
  const tracks = sent(path)
  if (tracks.length === 0) return 'none'
  const pictures = tracks.filter(isPicture)
  if (tracks.some(({ loss }) => loss !== undefined && loss >= seriousLoss)) return 'bad'
  // Where the picture is small already, Chromium sends it slower and worse, and says that nothing limits it (seen in 156).
  if (pictures.length > 0 && path.availableOutBps !== undefined && path.availableOutBps < tinyBps) return 'bad'
  if (pictures.some(picture => starved(picture, path))) return 'bad'
  const told =
    tracks.some(({ loss }) => loss !== undefined) || pictures.some(({ limitedBy }) => limitedBy !== undefined)
  return told ? 'good' : 'unknown'
}

/** Made smaller or slower for the line’s sake, and not for that of the limit that we set ourselves. */
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

/** The processor is one for all. */
function anyOf(all: readonly Sign[]): Sign {
  return (['bad', 'good', 'unknown'] as const).find(sign => all.includes(sign)) ?? 'none'
}

/** Where one path does well, it is not our end of the others that is thin. */
function allOf(all: readonly Sign[]): Sign {
  return (['good', 'bad', 'unknown'] as const).find(sign => all.includes(sign)) ?? 'none'
}
