import type { ParticipantState, RoomState } from '@parley/client'

export type Quality = ParticipantState['quality']

/**
 * The quality of our own connection, 4 to 1. If it was not measured, the quality of the best path to anybody: one good
 * path shows that a bad one is not our fault. Undefined while nothing is known.
 */
export function ownQuality(state: RoomState): Quality {
  if (state.self.quality !== undefined) return state.self.quality
  const known = state.participants.flatMap(person => person.quality ?? [])
  return known.length === 0 ? undefined : (Math.max(...known) as Quality)
}
