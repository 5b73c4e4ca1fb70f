import type { PeerStats, Trouble } from '../types.ts'
import { connectionQuality, type Quality } from './quality.ts'
import { signs } from './signs.ts'

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

/** How far back is looked, ms. */
const windowMs = 14_000
/** So many measurements are needed for a change of mind. */
const enough = 5
/** The share of bad ones with which a trouble begins, and that with which it ends. */
const begins = 0.75
const ends = 0.25

interface Look {
  readonly at: number
  readonly bad: boolean
}

const all = Object.keys(signs) as readonly Trouble[]

/**
 * Says what ails us only when it has done so for a while, and until it has not for a while. What the browser does not tell
 * changes nothing; what it has not told for a whole window is over. Pure.
 */
class TroubleWatch {
  readonly #looks = new Map<Trouble, readonly Look[]>(all.map(trouble => [trouble, []]))
  readonly #now = new Set<Trouble>()

  /**
   * @param before The measurement before, by participant.
   * @param now In ms.
   */
  receive(stats: readonly PeerStats[], before: ReadonlyMap<string, PeerStats>, now: number): readonly Trouble[] {
    for (const trouble of all) this.#judge(trouble, stats, before, now)
    return all.filter(trouble => this.#now.has(trouble))
  }

  #judge(trouble: Trouble, stats: readonly PeerStats[], before: ReadonlyMap<string, PeerStats>, now: number): void {
    const sign = signs[trouble](stats, before)
    const kept = sign === 'none' ? [] : (this.#looks.get(trouble) ?? []).filter(({ at }) => now - at < windowMs)
    const looks = sign === 'bad' || sign === 'good' ? [...kept, { at: now, bad: sign === 'bad' }] : kept
    this.#looks.set(trouble, looks)
    const share = looks.filter(({ bad }) => bad).length / looks.length
    if (looks.length === 0) this.#now.delete(trouble)
    else if (looks.length < enough) return
    else if (share >= begins) this.#now.add(trouble)
    else if (share <= ends) this.#now.delete(trouble)
  }
}
