import type { ParticipantState, RoomState } from '@parley/client'

/** One line of the list of people. */
export interface PersonLine {
  readonly participant: ParticipantState
  /** 1 for the hand that has been up longest; undefined while it is down. */
  readonly turn: number | undefined
}

/** Raised hands first, in the order they went up; then ourselves, then the others in the order they joined. */
export function personLines(state: RoomState): PersonLine[] {
  const people = [state.self, ...state.participants]
  const raised = people.filter(hasHand).sort((a, b) => a.hand - b.hand)
  return [
    ...raised.map((participant, i) => ({ participant, turn: i + 1 })),
    ...people.filter(person => !hasHand(person)).map(participant => ({ participant, turn: undefined })),
  ]
}

function hasHand(person: ParticipantState): person is ParticipantState & { readonly hand: number } {
  return person.hand !== undefined
}
