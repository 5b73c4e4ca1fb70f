import type { ParticipantState, RoomState } from '@parley/client'

export type Quality = ParticipantState['quality']

/**
 * How good our own connection is, 4 to 1. Where nobody measured it, the best path to anybody: with one good path the
 * fault of a bad one lies elsewhere. Undefined while nothing is known.
 */
export function ownQuality(state: RoomState): Quality {
  if (state.self.quality !== undefined) return state.self.quality
  const known = state.participants.flatMap(person => person.quality ?? [])
  return known.length === 0 ? undefined : (Math.max(...known) as Quality)
}
