import { numberOf, type StatsEntry } from '../stats/counters.ts'
import type { Peer } from './peer.ts'

/** Measures how loud people are, without decoding anything again. */
export class AudioLevels {
  /** The last packet heard from each receiver: without a newer one there is silence, whatever the level was. */
  readonly #heard = new WeakMap<RTCRtpReceiver, number>()

  /**
   * @param microphones The stream ids to listen to, by participant.
   * @returns 0..1 by participant; who is silent is absent.
   */
  async measure(
    self: string,
    peers: readonly Peer[],
    microphones: ReadonlyMap<string, string>,
  ): Promise<ReadonlyMap<string, number>> {
    const levels = new Map<string, number>()
    for (const { goal, pair } of peers) {
      const stream = microphones.get(goal.peer.id)
      const receiver = stream === undefined ? undefined : pair?.received.receiverOf(stream)
      const level = receiver && this.#received(receiver)
      if (level) levels.set(goal.peer.id, level)
    }
    const own = microphones.has(self) ? await sent(peers) : undefined
    if (own) levels.set(self, own)
    return levels
  }

  #received(receiver: RTCRtpReceiver): number | undefined {
    const source = receiver.getSynchronizationSources()[0]
    if (!source || this.#heard.get(receiver) === source.rtpTimestamp) return undefined
    this.#heard.set(receiver, source.rtpTimestamp)
    return source.audioLevel
  }
}

/** Our microphone's level, as any of the connections that send it measures it. */
async function sent(peers: readonly Peer[]): Promise<number | undefined> {
  const sender = peers.map(({ pair }) => pair?.senders.sender('microphone')).find(found => found)
  if (!sender) return undefined
  for (const [, entry] of (await sender.getStats()) as unknown as ReadonlyMap<string, StatsEntry>) {
    if (entry.type === 'media-source') return numberOf(entry, 'audioLevel')
  }
  return undefined
}
