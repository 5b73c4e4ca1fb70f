import type { PeerStats } from '@parley/client'

/** Says that our picture is held back by the network only when two measurements in a row say so, and unsays it likewise. */
export class LoweredWatch {
  #lowered = false
  #streak = 0

  receive(stats: readonly PeerStats[]): boolean {
    const now = stats.some(peer => peer.tracks.some(isHeldBack))
    this.#streak = now === this.#lowered ? 0 : this.#streak + 1
    if (this.#streak >= 2) {
      this.#lowered = now
      this.#streak = 0
    }
    return this.#lowered
  }
}

function isHeldBack(track: PeerStats['tracks'][number]): boolean {
  return track.direction === 'out' && track.source === 'camera' && track.limitedBy === 'bandwidth'
}
