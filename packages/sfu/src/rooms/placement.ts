import type { SfuRoom } from './sfu-room.ts'

/** So many tracks that one worker sends to people are enough, some 50,000 packets a second: who comes then sits on another. */
export const enoughTracks = 500

/**
 * The worker for somebody who takes a seat: one that the room is on already, as long as that has not enough to do; else the one that
 * has least.
 */
export function place(room: SfuRoom, loads: readonly number[], enough: number): number {
  const known = [room.worker, ...[...room.seats.values()].map(({ worker }) => worker)]
  return known.find(worker => (loads[worker] ?? 0) < enough) ?? leastLoaded(loads)
}

export function leastLoaded(loads: readonly number[]): number {
  return loads.indexOf(Math.min(...loads))
}

/** By worker: the people on it, and the tracks that they are to be sent, as announced. */
export function loadsOf(workers: number, rooms: Iterable<SfuRoom>): number[] {
  const loads = Array.from({ length: workers }, () => 0)
  for (const { seats } of rooms) {
    let tracks = 0
    for (const { tracksSent } of seats.values()) tracks += tracksSent
    for (const { worker, part, tracksSent } of seats.values()) {
      loads[worker] = (loads[worker] ?? 0) + 1 + (part.subscribe ? tracks - tracksSent : 0)
    }
  }
  return loads
}
