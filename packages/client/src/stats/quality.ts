import type { ParticipantState } from '../types.ts'
import type { PeerStats } from './types.ts'

export type Quality = NonNullable<ParticipantState['quality']>

/** Ordered from the best: a path has the quality of the first row whose limits it keeps. */
const rows = [
  { quality: 4, loss: 0.02, roundTripMs: 200 },
  { quality: 3, loss: 0.06, roundTripMs: 400 },
  { quality: 2, loss: 0.15, roundTripMs: 800 },
] as const

const worse = { 4: 3, 3: 2, 2: 1 } as const

/** A path's quality, from 4 (excellent) to 1 (poor), by loss, round-trip time and video that froze since `before`. */
export function connectionQuality(now: PeerStats, before: PeerStats | undefined): Quality {
  const loss = Math.max(0, ...now.tracks.map(track => track.loss ?? 0))
  const roundTripMs = now.roundTripMs ?? 0
  const row = rows.find(limits => loss <= limits.loss && roundTripMs <= limits.roundTripMs)
  if (!row) return 1
  return froze(now, before) ? worse[row.quality] : row.quality
}

/** Whether any received video has frozen since `before`. */
export function froze(now: PeerStats, before: PeerStats | undefined): boolean {
  return now.tracks.some(track => {
    const last = before?.tracks.find(({ id, direction }) => id === track.id && direction === track.direction)
    return last?.freezeCount !== undefined && (track.freezeCount ?? 0) > last.freezeCount
  })
}
