import type { RequestInput, SubscriptionWish, Topology } from '@parley/protocol'

export type SubscriptionWishes = { readonly auto?: boolean; readonly tracks?: readonly SubscriptionWish[] }

/** Remembers which tracks are wanted, since an SFU that is new knows nothing of it. */
export class Subscriptions {
  readonly #ask: (wishes: Omit<RequestInput<'media.subscribe'>, 'room'>) => Promise<unknown>
  readonly #tracks = new Map<string, SubscriptionWish>()
  #auto: boolean | undefined

  constructor(ask: (wishes: Omit<RequestInput<'media.subscribe'>, 'room'>) => Promise<unknown>) {
    this.#ask = ask
  }

  /** Says it at once where there is an SFU to hear it; otherwise when there is. */
  async change({ auto, tracks = [] }: SubscriptionWishes, topology: Topology): Promise<void> {
    if (auto !== undefined) this.#auto = auto
    for (const wish of tracks) this.#tracks.set(`${wish.participant} ${wish.track}`, wish)
    if (topology === 'sfu') await this.#ask({ ...(auto !== undefined && { auto }), tracks: [...tracks] })
  }

  /** Says all of it to an SFU that knows nothing. */
  repeat(): void {
    if (this.#auto === undefined && this.#tracks.size === 0) return
    const wishes = { ...(this.#auto !== undefined && { auto: this.#auto }), tracks: [...this.#tracks.values()] }
    this.#ask(wishes).catch(() => {}) // Not connected, or no SFU by now: there will be another time to say it.
  }
}
