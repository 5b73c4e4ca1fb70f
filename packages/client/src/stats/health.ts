import type { PeerStats, Trouble } from '../types.ts'
import { connectionQuality, type Quality } from './quality.ts'
import { TroubleWatch } from './trouble-watch.ts'

/** How the paths of one measurement do. */
export interface Health {
  /** By participant, self included; who has no path that is up is absent. */
  readonly qualities: ReadonlyMap<string, Quality>
  readonly troubles: readonly Trouble[]
}

/** Judges one measurement of the paths after the other. Pure. */
export class HealthWatch {
  readonly #troubles = new TroubleWatch()
  #before: ReadonlyMap<string, PeerStats> = new Map()

  /**
   * @param self Our participant id. We have a path of our own through the SFU alone; else we are as well off as with the best
   * of the others: where every path is poor, our own end of them is.
   * @param now In ms.
   */
  receive(self: string, stats: readonly PeerStats[], now: number): Health {
    const before = this.#before
    this.#before = new Map(stats.map(path => [path.participant, path]))
    const qualities = new Map(
      stats.map(path => [path.participant, connectionQuality(path, before.get(path.participant))]),
    )
    const best = [...qualities.values()].sort().at(-1)
    if (best && !qualities.has(self)) qualities.set(self, best)
    return { qualities, troubles: this.#troubles.receive(stats, before, now) }
  }
}
