import type { NetworkQuality, QualityReason } from '@parley/protocol'
import type { Shortage } from './downlink.ts'

/** What was measured since the last time. */
export interface Measured {
  /** Shares of packets that were lost, 0 to 1; undefined: there were none, or it is not known. */
  readonly uplinkLoss: number | undefined
  readonly downlinkLoss: number | undefined
  readonly roundTripMs: number | undefined
  readonly shortage: Shortage
}

/** Up to which loss and round trip a score holds; beyond them all it is 1. */
const rows = [
  { score: 4, loss: 0.02, roundTripMs: 200 },
  { score: 3, loss: 0.06, roundTripMs: 400 },
  { score: 2, loss: 0.15, roundTripMs: 800 },
] as const
const ofShortage = { none: 4, smaller: 3, starved: 1 } as const
/** A verdict has to be reached so often in a row before it counts; but all is well to begin with. */
const repeats = 3

/** Judges how well media get through from and to one peer, and what the worst of it comes from. */
export class LegQuality {
  #told: NetworkQuality | undefined
  #next: NetworkQuality | undefined
  #count = 0

  /** @returns The quality where it has changed for more than a moment; else undefined. */
  judge(measured: Measured): NetworkQuality | undefined {
    const next = verdict(measured)
    if (same(next, this.#told)) {
      this.#next = undefined
      return undefined
    }
    this.#count = same(next, this.#next) ? this.#count + 1 : 1
    this.#next = next
    const isFirst = !this.#told && next.score === 4
    if (!isFirst && this.#count < repeats) return undefined
    this.#told = next
    return next
  }
}

function verdict({ uplinkLoss = 0, downlinkLoss = 0, roundTripMs = 0, shortage }: Measured): NetworkQuality {
  const candidates: readonly (readonly [NetworkQuality['score'], QualityReason])[] = [
    [scoreOf('loss', uplinkLoss), 'uplink-loss'],
    [scoreOf('loss', downlinkLoss), 'downlink-loss'],
    [ofShortage[shortage], 'downlink-bandwidth'],
    [scoreOf('roundTripMs', roundTripMs), 'delay'],
  ]
  let [score, reason] = candidates[0] as (typeof candidates)[number]
  for (const [other, why] of candidates) if (other < score) [score, reason] = [other, why]
  return score === 4 ? { score } : { score, reason }
}

function scoreOf(measure: 'loss' | 'roundTripMs', value: number): NetworkQuality['score'] {
  return rows.find(row => value <= row[measure])?.score ?? 1
}

function same(one: NetworkQuality | undefined, other: NetworkQuality | undefined): boolean {
  return one?.score === other?.score && one?.reason === other?.reason
}
