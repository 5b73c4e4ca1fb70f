import type { ParticipantState, RoomState, TrackState } from '@parley/client'
import type { ChatMessage, TrackSource } from '@parley/protocol'

/** Pictures of rooms and people for tests and the fixture page. */
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

export function trackState(source: TrackSource, over: Partial<TrackState> = {}): TrackState {
  const kind = source === 'microphone' || source === 'screen-audio' ? 'audio' : 'video'
  return { id: source, source, kind, muted: false, mediaTrack: undefined, ...over }
}

export function roomState(over: Partial<RoomState> = {}): RoomState {
  return {
    status: { status: 'connected' },
    name: 'test-room',
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

export function message(id: string, from: string, text: string, at: number): ChatMessage {
  return { id, room: 'test-room', from: { id: from, identity: from, name: from }, text, at }
}
