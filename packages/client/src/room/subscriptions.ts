import type { RequestInput, SubscriptionWish, SubscriptionWishes, Topology } from '@parley/protocol'
import { limits } from '@parley/protocol/limits'

type Ask = (wishes: Omit<RequestInput<'media.subscribe'>, 'room'>) => Promise<unknown>

/** Remembers which tracks are wanted, since an SFU that is new knows nothing of it. */
export class Subscriptions {
  readonly #ask: Ask
  /** By participant and track. */
  readonly #tracks = new Map<string, Map<string, SubscriptionWish>>()
  #auto: boolean | undefined

  constructor(ask: Ask) {
    this.#ask = ask
  }

  /** Whether the SFU sends us a track, where there is one. */
  wants(participant: string, track: string): boolean {
    const state = this.#tracks.get(participant)?.get(track)?.state ?? (this.#auto === false ? 'off' : 'on')
    return state === 'on'
  }

  /** Says it at once where there is an SFU to hear it; otherwise when there is. */
  async change({ auto, tracks = [] }: SubscriptionWishes, topology: Topology): Promise<void> {
    if (auto !== undefined) this.#auto = auto
    for (const wish of tracks) {
      const wishes = this.#tracks.get(wish.participant) ?? new Map<string, SubscriptionWish>()
      this.#tracks.set(wish.participant, wishes.set(wish.track, wish))
    }
    if (topology === 'sfu') await this.#ask({ ...(auto !== undefined && { auto }), tracks: [...tracks] })
  }

  /** Says all of it to an SFU that knows nothing, or what concerns a participant whom it did not know. */
  repeat(participant?: string): void {
    const auto = participant === undefined ? this.#auto : undefined
    const about = participant === undefined ? [...this.#tracks.values()] : [this.#tracks.get(participant) ?? new Map()]
    const tracks = about.flatMap(wishes => [...wishes.values()])
    if (auto !== undefined) this.#say({ auto })
    for (let at = 0; at < tracks.length; at += limits.mediaSections) {
      this.#say({ tracks: tracks.slice(at, at + limits.mediaSections) })
    }
  }

  /** They are gone. */
  forget(participant: string): void {
    this.#tracks.delete(participant)
  }

  #say(wishes: Parameters<Ask>[0]): void {
    this.#ask(wishes).catch(() => {
      // Not connected, or no SFU by now: there will be another time to say it.
    })
  }
}
