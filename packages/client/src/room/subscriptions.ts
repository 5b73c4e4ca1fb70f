import type { RequestInput, SubscriptionWish, SubscriptionWishes, Topology } from '@parley/protocol'
import { limits } from '@parley/protocol/limits'

type Ask = (wishes: Omit<RequestInput<'media.subscribe'>, 'room'>) => Promise<unknown>

/** Remembers which tracks we want, since an SFU that has restarted does not know it. */
export class Subscriptions {
  readonly #ask: Ask
  /** By participant and track. */
  readonly #tracks = new Map<string, Map<string, SubscriptionWish>>()
  #auto: boolean | undefined

  constructor(ask: Ask) {
    this.#ask = ask
  }

  /** Whether the SFU, if the room uses it, is to send us a track. */
  wants(participant: string, track: string): boolean {
    const state = this.#tracks.get(participant)?.get(track)?.state ?? (this.#auto === false ? 'off' : 'on')
    return state === 'on'
  }

  /** Changes what we want. Tells the SFU at once if the room uses it, otherwise when it does. */
  async change({ auto, tracks = [] }: SubscriptionWishes, topology: Topology): Promise<void> {
    if (auto !== undefined) this.#auto = auto
    for (const wish of tracks) {
      const wishes = this.#tracks.get(wish.participant) ?? new Map<string, SubscriptionWish>()
      this.#tracks.set(wish.participant, wishes.set(wish.track, wish))
    }
    if (topology === 'sfu') await this.#ask({ ...(auto !== undefined && { auto }), tracks: [...tracks] })
  }

  /** Tells an SFU that knows nothing everything that we want, or only what concerns one participant who is new to it. */
  repeat(participant?: string): void {
    const auto = participant === undefined ? this.#auto : undefined
    const about = participant === undefined ? [...this.#tracks.values()] : [this.#tracks.get(participant) ?? new Map()]
    const tracks = about.flatMap(wishes => [...wishes.values()])
    if (auto !== undefined) this.#say({ auto })
    for (let at = 0; at < tracks.length; at += limits.mediaSections) {
      this.#say({ tracks: tracks.slice(at, at + limits.mediaSections) })
    }
  }

  /** The participant has left. */
  forget(participant: string): void {
    this.#tracks.delete(participant)
  }

  #say(wishes: Parameters<Ask>[0]): void {
    this.#ask(wishes).catch(() => {
      // Not connected, or no SFU any more: it will be repeated when there is one.
    })
  }
}
