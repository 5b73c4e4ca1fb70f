import { numberOf, type StatsEntry } from '../stats/counters.ts'

export interface LevelSources {
  /** Our participant id. */
  readonly self: string
  /** The stream ids to listen to, by participant. */
  readonly microphones: ReadonlyMap<string, string>
  /** Whatever sends our own microphone. */
  readonly sender: RTCRtpSender | undefined
  receiverOf(participant: string, stream: string): RTCRtpReceiver | undefined
}

/** Measures how loud people are, without decoding anything again. */
export class AudioLevels {
  /** The last packet heard from each receiver: without a newer one there is silence, whatever the level was. */
  readonly #heard = new WeakMap<RTCRtpReceiver, number>()

  /** @returns 0..1 by participant; who is silent is absent. */
  async measure({ self, microphones, sender, receiverOf }: LevelSources): Promise<ReadonlyMap<string, number>> {
    const levels = new Map<string, number>()
    for (const [participant, stream] of microphones) {
      const receiver = receiverOf(participant, stream)
      const level = receiver && this.#received(receiver)
      if (level) levels.set(participant, level)
    }
    const own = sender && microphones.has(self) ? await sent(sender) : undefined
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

/** Our microphone's level, as the connection that sends it measures it. */
async function sent(sender: RTCRtpSender): Promise<number | undefined> {
  for (const [, entry] of (await sender.getStats()) as unknown as ReadonlyMap<string, StatsEntry>) {
    if (entry.type === 'media-source') return numberOf(entry, 'audioLevel')
  }
  return undefined
}
