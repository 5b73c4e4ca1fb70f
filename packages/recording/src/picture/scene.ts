import type { ParticipantState, RoomState } from '@parley/client'
import type { Piece } from './layout.ts'

/** What one tile of the composed picture shows. */
export interface SceneTile extends Piece {
  readonly participant: ParticipantState
  /** The id of its track, for a view of it. */
  readonly trackId: string | undefined
  /** Undefined: there is no picture. */
  readonly mediaTrack: MediaStreamTrack | undefined
}

/** A tile for everybody, ourselves last, and one for each shared screen. Who only watches by HTTP has none. */
export function sceneOf({ self, participants }: Pick<RoomState, 'self' | 'participants'>): readonly SceneTile[] {
  const people = [...participants.filter(({ via }) => via !== 'whep'), self]
  return [
    ...people.map(person => tileOf(person, 'camera')),
    ...people
      .filter(({ tracks }) => tracks.some(({ source }) => source === 'screen'))
      .map(person => tileOf(person, 'screen')),
  ]
}

function tileOf(participant: ParticipantState, kind: Piece['kind']): SceneTile {
  const track = participant.tracks.find(({ source }) => source === kind)
  const mediaTrack = track?.muted ? undefined : track?.mediaTrack
  return {
    key: keyOf(participant.id, kind),
    kind,
    participant,
    // Asked for as long as it is not muted: with an SFU it comes because it is asked for.
    trackId: track && !track.muted ? track.id : undefined,
    mediaTrack,
    picture: mediaTrack !== undefined,
  }
}

export function keyOf(participant: string, kind: Piece['kind']): string {
  return `${kind} ${participant}`
}
