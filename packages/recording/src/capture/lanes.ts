import type { ParticipantState, RoomState, TrackState } from '@parley/client'
import type { RecordedTrack } from '../types.ts'

/** What is recorded into one file. */
export interface Lane {
  readonly key: string
  readonly kind: 'audio' | 'video'
  readonly track: RecordedTrack
  /** Undefined while a sound is muted or has not come: silence is recorded. */
  readonly media: MediaStreamTrack | undefined
  /** Somebody else's picture, which has to be asked for. */
  readonly view?: { readonly participant: string; readonly track: string }
}

/**
 * The files that a room makes now, one for each track. A sound stays in one file as long as the person sends it, through mutes and
 * changes of device. A picture begins a new one whenever it comes from elsewhere: its size and codec change with it.
 */
export function lanesOf({ self, participants }: Pick<RoomState, 'self' | 'participants'>): readonly Lane[] {
  return [self, ...participants].flatMap(person => person.tracks.flatMap(track => laneOf(person, track) ?? []))
}

function laneOf(
  { id, name, local }: ParticipantState,
  { id: trackId, kind, source, muted, mediaTrack }: TrackState,
): Lane | undefined {
  const track = { name, source }
  const key = `${id} ${source}`
  if (kind === 'audio') return { key, kind, track, media: muted ? undefined : mediaTrack }
  if (!mediaTrack || muted) return undefined
  const view = local ? {} : { view: { participant: id, track: trackId } }
  return { key: `${key} ${mediaTrack.id}`, kind, track, media: mediaTrack, ...view }
}
