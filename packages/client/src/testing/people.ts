import type { ChatMessage, Participant, RoomSnapshot } from '@parley/protocol'

export function participant(id: string, change: Partial<Participant> = {}): Participant {
  return { id, identity: `${id}@`, name: id, tracks: [], subscribe: true, joinedAt: 1, ...change }
}

export function snapshot(
  self: string,
  others: readonly Participant[] = [],
  change: Partial<RoomSnapshot> = {},
): RoomSnapshot {
  return {
    room: 'tea',
    capacity: 100,
    createdAt: 1,
    topology: { wish: 'auto', now: 'mesh' },
    self: participant(self),
    participants: [...others],
    chat: [],
    ...change,
  }
}

export function message(id: string, at: number, from = 'b'): ChatMessage {
  return { id, room: 'tea', from: { id: from, identity: `${from}@`, name: from }, text: id, at }
}
