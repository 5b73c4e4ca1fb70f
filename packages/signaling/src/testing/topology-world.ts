import type { MediaState, RoomSnapshot, Topology } from '@parley/protocol'
import { createHoldings } from '../holdings.ts'
import { defaultLimits } from '../limits.ts'
import { TopologyControl } from '../media/topology-control.ts'
import type { MediaPlane } from '../ports.ts'
import type { Member } from '../rooms/meeting-room.ts'
import { Rooms } from '../rooms/rooms.ts'
import { Tape } from './tape.ts'
import { whiteboards } from './whiteboards.ts'

const ofMedia: readonly string[] = ['room.topology', 'room.settled', 'media.lost']

export function member(id: string, more: Partial<Member> = {}): Member {
  return { id, identity: id, name: id, metadata: undefined, subscribe: true, source: '192.0.2.1', ...more }
}

/** Rooms with a media plane that notes what it is told, and the sessions `a` to `d`. */
export class TopologyWorld {
  readonly tape = new Tape()
  readonly rooms: Rooms
  readonly media: TopologyControl
  /** What the media plane was told. */
  done: [verb: string, ...what: unknown[]][] = []
  wokenAt = Number.POSITIVE_INFINITY
  /** There is an SFU. */
  available = true

  constructor() {
    const outbox = this.tape.outbox()
    const isAvailable = () => this.available
    const plane: MediaPlane = {
      get available() {
        return isAvailable()
      },
      seat: (room, { id, tracks }) => this.done.push(['seat', room, id, tracks.length]),
      unseat: (room, id) => this.done.push(['unseat', room, id]),
      receive: (room, id, body) => this.done.push(['receive', room, id, body]),
      subscribe: (room, id, wishes) => this.done.push(['subscribe', room, id, wishes]),
    }
    this.media = new TopologyControl({
      plane,
      outbox,
      lose: (room, id, now) => void this.rooms.leave(room, id, 'lost', now),
      wake: at => {
        this.wokenAt = Math.min(this.wokenAt, at)
      },
    })
    this.rooms = new Rooms({
      outbox,
      media: this.media,
      boards: whiteboards(),
      holdings: createHoldings(defaultLimits),
      settings: { capacity: 100, wish: 'auto' },
    })
    for (const id of ['a', 'b', 'c', 'd']) {
      outbox.open(id)
      outbox.subscribe(id, `session:${id}`)
    }
  }

  /** They enter the room `x`. */
  enter(...ids: string[]): RoomSnapshot[] {
    return ids.map(id => this.rooms.enter('x', member(id), {}, 0))
  }

  /** What a session has been told of media since it was last asked. */
  heard(id: string) {
    return this.tape.take(id).filter(([event]) => ofMedia.includes(event))
  }

  /** What the media plane was told since it was last asked, and of whom. */
  verbs() {
    return this.done.splice(0).map(([verb, , id]) => [verb, id])
  }

  report(id: string, topology: Topology, state: MediaState, now: number) {
    return this.media.report('x', id, topology, state, now)
  }
}
