import type { StatsEntry } from '../stats/counters.ts'
import { type Report, readPeerStats, type Sections } from '../stats/peer-stats.ts'
import type { PeerStats } from '../types.ts'
import type { Peer } from './peer.ts'

/** Measures a peer's path; remembers the last report, from which rates come. */
export class PeerMeter {
  #last: Report | undefined

  /** Undefined while there is no connection. */
  async measure(peer: Peer): Promise<PeerStats | undefined> {
    const { pair, goal } = peer
    if (!pair) return undefined
    const report = new Map<string, StatsEntry>()
    for (const [id, entry] of (await pair.getStats()) as unknown as Report) report.set(id, entry)
    const announced = new Map(goal.peer.tracks.map(track => [track.id, track]))
    const incoming: Sections = new Map(
      [...pair.received.bySection()].flatMap(([mid, streams]) => {
        const track = streams.map(id => announced.get(id)).find(found => found)
        return track ? [[mid, { id: track.id, source: track.source }] as const] : []
      }),
    )
    const outgoing: Sections = new Map(
      [...pair.senders.bySection()].map(([mid, { id, source }]) => [mid, { id, source }]),
    )
    const stats = readPeerStats(report, this.#last, { participant: goal.peer.id, incoming, outgoing })
    this.#last = report
    return stats
  }
}
