/** A client that has been let into a room of the relay. */
export interface RelayMember {
  say(text: string): void
}

/** Who is in which room of the plain relay. Rooms exist while somebody is inside. */
export class RelayRooms {
  readonly #rooms = new Map<string, Set<RelayMember>>()
  readonly #capacity: number

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#rooms.size
  }

  /** False if the room is full. */
  enter(name: string, member: RelayMember): boolean {
    const room = this.#rooms.get(name) ?? new Set()
    if (room.size >= this.#capacity) return false
    this.#rooms.set(name, room.add(member))
    return true
  }

  leave(name: string, member: RelayMember): void {
    const room = this.#rooms.get(name)
    room?.delete(member)
    if (room?.size === 0) this.#rooms.delete(name)
  }

  /** Sends a message to everybody else in the room; returns how many that are. */
  pass(name: string, from: RelayMember, text: string): number {
    let heard = 0
    for (const member of this.#rooms.get(name) ?? []) {
      if (member === from) continue
      member.say(text)
      heard++
    }
    return heard
  }
}
