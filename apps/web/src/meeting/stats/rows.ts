import type { PeerStats, TrackStats } from '@parley/client'

/** A formatted value; undefined if nothing was measured yet. */
type Cell = string | undefined

interface Column<Source> {
  /** A key of the `meeting` texts, under `stats.`. */
  readonly key: string
  readonly value: (source: Source, language: string) => Cell
}

function column<const Key extends string, Source>(key: Key, value: Column<Source>['value']) {
  return { key, value }
}

/** What is known of the path to a person. */
export const pathColumns = [
  column('protocol', (peer: PeerStats) => peer.protocol?.toUpperCase()),
  column('roundTrip', (peer: PeerStats, language) => formatMs(peer.roundTripMs, language)),
  column('available', (peer: PeerStats, language) => formatBitrate(peer.availableOutBps, language)),
  column('undecrypted', (peer: PeerStats, language) => formatCount(peer.undecryptedFrames, language)),
  column('localCandidate', (peer: PeerStats) => peer.localCandidate),
  column('remoteCandidate', (peer: PeerStats) => peer.remoteCandidate),
] as const

/** Whether a row applies to a path: bandwidth is known of what we send, and nothing is decrypted in a meeting without a key. */
export function appliesToPath(key: (typeof pathColumns)[number]['key'], peer: PeerStats): boolean {
  if (key === 'available') return peer.tracks.some(({ direction }) => direction === 'out')
  return key !== 'undecrypted' || peer.undecryptedFrames !== undefined
}

/** What is known of one track; a column that does not apply to sound is `none` there. */
export const trackColumns = [
  column('bitrate', (track: TrackStats, language) => formatBitrate(track.bitrateBps, language)),
  column('loss', (track: TrackStats, language) => formatShare(track.loss, language)),
  column('jitter', (track: TrackStats, language) => formatMs(track.jitterMs, language)),
  column('resolution', (track: TrackStats) => formatResolution(track.width, track.height)),
  column('framesPerSecond', (track: TrackStats, language) => formatRate(track.framesPerSecond, language)),
  column('freezes', (track: TrackStats, language) => formatCount(track.freezeCount, language)),
  column('codec', (track: TrackStats) => track.codec),
] as const

export type TrackColumn = (typeof trackColumns)[number]

const onlyPictures: ReadonlySet<TrackColumn['key']> = new Set(['resolution', 'framesPerSecond', 'freezes'])
const onlyReceived: ReadonlySet<TrackColumn['key']> = new Set(['freezes'])

/** Whether a column applies to a track: sound has no resolution, and a track that we send cannot freeze here. */
export function applies(key: TrackColumn['key'], track: TrackStats): boolean {
  const sound = track.source === 'microphone' || track.source === 'screen-audio'
  if (sound && onlyPictures.has(key)) return false
  return !(track.direction === 'out' && onlyReceived.has(key))
}

/** A statistic; undefined if it was not measured, never a made-up zero. */
type Measured = number | undefined

function known(value: Measured): value is number {
  return value !== undefined && Number.isFinite(value)
}

function decimals(value: number, language: string, digits: number): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)
}

/** `820 kbit/s`, `2.4 Mbit/s`. */
export function formatBitrate(bps: Measured, language: string): string | undefined {
  if (!known(bps)) return undefined
  if (bps >= 1_000_000) return `${decimals(bps / 1_000_000, language, 1)} Mbit/s`
  return `${decimals(bps / 1000, language, bps < 10_000 ? 1 : 0)} kbit/s`
}

/** Formats a share 0..1 as `0.4 %`. */
export function formatShare(share: Measured, language: string): string | undefined {
  return known(share) ? `${decimals(share * 100, language, share < 0.1 ? 1 : 0)} %` : undefined
}

export function formatMs(ms: Measured, language: string): string | undefined {
  return known(ms) ? `${decimals(ms, language, ms < 10 ? 1 : 0)} ms` : undefined
}

/** `1280 × 720`; undefined while the size is unknown or zero. */
export function formatResolution(width: Measured, height: Measured): string | undefined {
  return width && height && known(width) && known(height) ? `${width} × ${height}` : undefined
}

export function formatRate(perSecond: Measured, language: string): string | undefined {
  return known(perSecond) ? decimals(perSecond, language, 0) : undefined
}

export function formatCount(count: Measured, language: string): string | undefined {
  return known(count) ? decimals(count, language, 0) : undefined
}
