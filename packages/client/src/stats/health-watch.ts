import { connectionQuality, type Quality } from './quality.ts'
import { signs } from './signs.ts'
import type { PeerStats, Trouble } from './types.ts'

/** The verdict on one measurement of the paths. */
export interface Health {
  /** By participant, including ourselves; without a path that is up, a participant is absent. */
  readonly qualities: ReadonlyMap<string, Quality>
  readonly troubles: readonly Trouble[]
}

/** Judges successive measurements of the paths. Pure. */
export class HealthWatch {
  readonly #troubles = new TroubleWatch()
  #before: ReadonlyMap<string, PeerStats> = new Map()

  /**
   * @param self Our participant id. Only with an SFU do we have a path of our own. Otherwise our quality is that of the best
   * path: if all of them are poor, the cause is at our end.
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

/** How far back measurements count, ms. */
const windowMs = 14_000
/** How many measurements are needed before the verdict may change. */
const enough = 5
/** The shares of bad measurements at which a trouble begins and ends. */
const begins = 0.75
const ends = 0.25

interface Look {
  readonly at: number
  readonly bad: boolean
}

const all = Object.keys(signs) as readonly Trouble[]

/**
 * Reports a trouble once it has lasted for a while, until it has been gone for a while. A measurement that the browser does not
 * provide changes nothing; if it provides none for a whole window, the trouble is over. Pure.
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
