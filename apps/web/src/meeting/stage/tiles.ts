import type { ParticipantState, RoomState, TrackState } from '@parley/client'
import type { TrackSource } from '@parley/protocol'
import type { Piece } from './arrange.ts'

/** What one tile shows. */
export interface TileView extends Piece {
  readonly participant: ParticipantState
  /** The camera or screen; undefined while there is none. */
  readonly video: TrackState | undefined
  /** `none`: they have no microphone and only listen. */
  readonly microphone: 'on' | 'muted' | 'none'
}

export function trackOf(participant: ParticipantState, source: TrackSource): TrackState | undefined {
  return participant.tracks.find(track => track.source === source)
}

export function microphoneOf(participant: ParticipantState): TileView['microphone'] {
  const track = trackOf(participant, 'microphone')
  if (!track) return 'none'
  return track.muted ? 'muted' : 'on'
}

export function cameraKey(participantId: string): string {
  return `camera:${participantId}`
}

/** A camera tile for everybody, our own first, and a screen tile for everybody who shares. Not yet in stable order. */
export function tileViews(state: RoomState, hideSelf: boolean): TileView[] {
  const people = hideSelf && state.participants.length > 0 ? state.participants : [state.self, ...state.participants]
  return [
    ...people.map(person => tile(person, 'camera')),
    ...[state.self, ...state.participants].filter(isSharing).map(person => tile(person, 'screen')),
  ]
}

export function isSharing(person: ParticipantState): boolean {
  return trackOf(person, 'screen') !== undefined
}

const known: Record<Piece['kind'], WeakMap<ParticipantState, TileView>> = {
  camera: new WeakMap(),
  screen: new WeakMap(),
}

/** Returns the same tile for the same participant state, so that only what changed renders again. */
function tile(participant: ParticipantState, kind: Piece['kind']): TileView {
  const before = known[kind].get(participant)
  if (before) return before
  const view: TileView = {
    key: kind === 'camera' ? cameraKey(participant.id) : `screen:${participant.id}`,
    kind,
    self: participant.local,
    participant,
    video: trackOf(participant, kind),
    microphone: microphoneOf(participant),
  }
  known[kind].set(participant, view)
  return view
}

/**
 * Which pictures stay good for longest: a screen, the large tile, and those in `important`; beside a large tile, the others count
 * least.
 * @param main The key of the large tile.
 */
export function priorityOf(
  { key, kind }: Piece,
  main: string | undefined,
  important: readonly (string | undefined)[],
): 'low' | 'normal' | 'high' {
  if (kind === 'screen' || key === main || important.includes(key)) return 'high'
  return main === undefined ? 'normal' : 'low'
}

/** Our own camera is mirrored, unless it is a phone's back camera. */
export function isMirrored({ self, kind, video }: TileView): boolean {
  return self && kind === 'camera' && video?.mediaTrack?.getSettings().facingMode !== 'environment'
}

/** Sorts the tiles by `order`; tiles that are not in it are left out. */
export function inOrder(tiles: readonly TileView[], order: readonly string[]): TileView[] {
  const byKey = new Map(tiles.map(each => [each.key, each]))
  return order.flatMap(key => byKey.get(key) ?? [])
}
