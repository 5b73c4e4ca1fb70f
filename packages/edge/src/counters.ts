import type { IceTcpCounters, MediaCounters, RoomsCounters, RouterCounters } from '@parley/sfu'
import type { TurnCounters } from '@parley/turn'
import type { UdpStats } from '@parley/udp'
import type { OutsideCounters } from './outside.ts'

/** What the media process counts. */
export interface EdgeCounters {
  readonly turn: TurnCounters
  readonly udp: UdpStats
  readonly outside: OutsideCounters
  /** Undefined without media. */
  readonly sfu: SfuCounters | undefined
}

interface SfuCounters {
  readonly rooms: RoomsCounters
  readonly iceTcp: IceTcpCounters
  readonly media: MediaCounters & RouterCounters
}

/** What one thread counts; plain sums. */
export interface ThreadCounters extends Omit<EdgeCounters, 'sfu'> {
  /** Undefined: it forwards none. */
  readonly media: SfuCounters['media'] | undefined
}

/** The sum of two threads' counters. What neither knows stays unknown. */
export function addCounters(one: ThreadCounters, other: ThreadCounters): ThreadCounters {
  const media = one.media && other.media ? sum(one.media, other.media) : (one.media ?? other.media)
  return {
    turn: sum(one.turn, other.turn),
    udp: sum(one.udp, other.udp),
    outside: sum(one.outside, other.outside),
    media,
  }
}

function sum<T extends { [K in keyof T]: number | undefined }>(one: T, other: T): T {
  const total = { ...one }
  for (const name of Object.keys(other) as (keyof T)[]) {
    const [a, b] = [one[name], other[name]]
    if (b !== undefined) total[name] = ((a ?? 0) + b) as T[keyof T]
  }
  return total
}
