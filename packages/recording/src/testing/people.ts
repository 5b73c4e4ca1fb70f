import type { ParticipantState, RoomState, TrackState } from '@parley/client'

/** States of rooms and people for tests. */
export function person(id: string, over: Partial<ParticipantState> = {}): ParticipantState {
  return {
    id,
    identity: id,
    name: id,
    metadata: undefined,
    local: false,
    hand: undefined,
    recording: undefined,
    joinedAt: 0,
    tracks: [],
    connection: { status: 'connected' },
    encryption: 'off',
    quality: undefined,
    qualityReason: undefined,
    serverQuality: undefined,
    via: undefined,
    ...over,
  }
}

/** @param mediaTrack The id of its media track; undefined: there is none yet. */
export function track(
  source: TrackState['source'],
  mediaTrack: string | undefined,
  over: Partial<TrackState> = {},
): TrackState {
  const kind = source === 'microphone' || source === 'screen-audio' ? 'audio' : 'video'
  const media = mediaTrack === undefined ? undefined : ({ id: mediaTrack, kind } as MediaStreamTrack)
  return { id: source, source, kind, muted: false, mediaTrack: media, ...over }
}

export function roomState(over: Partial<RoomState> = {}): RoomState {
  return {
    status: { status: 'connected' },
    name: 'tea',
    capacity: 100,
    createdAt: 0,
    topology: { wish: 'auto', now: 'mesh' },
    encrypted: false,
    self: person('me', { local: true }),
    participants: [],
    messages: [],
    troubles: [],
    speakers: { recent: [], speaking: [] },
    ...over,
  }
}
