import { numberOf, type StatsEntry } from '../stats/counters.ts'

export interface LevelSources {
  /** Our participant id. */
  readonly self: string
  /** The stream ids of the microphones to measure, by participant. */
  readonly microphones: ReadonlyMap<string, string>
  /** The sender of our own microphone. */
  readonly sender: RTCRtpSender | undefined
  receiverOf(participant: string, stream: string): RTCRtpReceiver | undefined
}

/** Measures how loud people are, without decoding anything again. */
export class AudioLevels {
  /** The timestamp of the last packet of each receiver; without a newer packet there is silence, whatever the last level was. */
  readonly #heard = new WeakMap<RTCRtpReceiver, number>()

  /** @returns Loudness 0..1 by participant; silent participants are absent. */
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

/** The level of our own microphone, from the statistics of its sender. */
async function sent(sender: RTCRtpSender): Promise<number | undefined> {
  for (const [, entry] of (await sender.getStats()) as unknown as ReadonlyMap<string, StatsEntry>) {
    if (entry.type === 'media-source') return numberOf(entry, 'audioLevel')
  }
  return undefined
}
