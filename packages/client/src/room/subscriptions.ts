import type { RequestInput, SubscriptionWish, SubscriptionWishes, Topology } from '@parley/protocol'
import { limits } from '@parley/protocol/limits'
import { ParleyError } from '../error.ts'
import type { TrackName, Views } from './views.ts'

type Ask = (wishes: Omit<RequestInput<'media.subscribe'>, 'room'>) => Promise<unknown>

/**
 * Which tracks we want: what was said by hand, and beside that what follows from where they are shown. Remembered, since an SFU
 * that has restarted does not know it.
 */
export class Subscriptions {
  readonly #ask: Ask
  readonly #views: Pick<Views, 'wish' | 'told' | 'again'>
  /** By hand, by participant and track. */
  readonly #tracks = new Map<string, Map<string, SubscriptionWish>>()
  #auto: boolean | undefined

  constructor(ask: Ask, views: Pick<Views, 'wish' | 'told' | 'again'>) {
    this.#ask = ask
    this.#views = views
  }

  /** Whether the SFU, if the room uses it, is to send us a track. */
  wants(participant: string, track: string): boolean {
    const state = this.#wish({ participant, track })?.state ?? (this.#auto === false ? 'off' : 'on')
    return state === 'on'
  }

  /** Changes what we want. Tells the SFU at once if the room uses it, otherwise when it does. */
  async change({ auto, tracks = [] }: SubscriptionWishes, topology: Topology): Promise<void> {
    if (auto !== undefined) this.#auto = auto
    for (const wish of tracks) {
      const wishes = this.#tracks.get(wish.participant) ?? new Map<string, SubscriptionWish>()
      this.#tracks.set(wish.participant, wishes.set(wish.track, wish))
    }
    const wishes = tracks.flatMap(wish => this.#wish(wish) ?? [])
    if (topology === 'sfu') await this.#ask({ ...(auto !== undefined && { auto }), tracks: wishes })
  }

  /** These tracks are shown in another way. */
  async viewed(names: readonly TrackName[], topology: Topology): Promise<void> {
    if (topology !== 'sfu') return
    for (let at = 0; at < names.length; at += limits.mediaSections) {
      const some = names.slice(at, at + limits.mediaSections)
      this.#ask({ tracks: some.flatMap(name => this.#wish(name) ?? []) }).catch(error => {
        if (error instanceof ParleyError && error.code === 'rate-limited') this.#views.again(some)
      })
    }
  }

  /** Tells an SFU that knows nothing everything that we want, or only what concerns one participant who is new to it. */
  repeat(participant?: string): void {
    const auto = participant === undefined ? this.#auto : undefined
    const about = participant === undefined ? [...this.#tracks.values()] : [this.#tracks.get(participant) ?? new Map()]
    const byHand: SubscriptionWish[] = about.flatMap(wishes => [...wishes.values()])
    const shown = this.#views.told(participant).filter(name => !this.#tracks.get(name.participant)?.has(name.track))
    const tracks = [...byHand, ...shown].flatMap(name => this.#wish(name) ?? [])
    if (auto !== undefined) this.#say({ auto })
    for (let at = 0; at < tracks.length; at += limits.mediaSections) {
      this.#say({ tracks: tracks.slice(at, at + limits.mediaSections) })
    }
  }

  /** The participant has left. */
  forget(participant: string): void {
    this.#tracks.delete(participant)
  }

  /** What was said by hand comes first; but what is out of sight is not sent. */
  #wish({ participant, track }: TrackName): SubscriptionWish | undefined {
    const byHand = this.#tracks.get(participant)?.get(track)
    const shown = this.#views.wish({ participant, track })
    if (!shown || (byHand && byHand.state !== 'on')) return byHand
    return { ...shown, ...byHand, participant, track, state: shown.state }
  }

  #say(wishes: Parameters<Ask>[0]): void {
    this.#ask(wishes).catch(() => {
      // Not connected, or no SFU any more: it will be repeated when there is one.
    })
  }
}
