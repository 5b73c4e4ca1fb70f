import type { RequestInput, SubscriptionWishes, Topology } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import type { ParticipantState, PictureSize, TrackView, ViewOptions } from '../types.ts'
import { watchElement } from './element-sight.ts'
import { Subscriptions } from './subscriptions.ts'
import { type TrackName, Views } from './views.ts'

export interface ReceptionOptions {
  readonly clock: Clock
  readonly topology: () => Topology
  readonly ask: (wishes: Omit<RequestInput<'media.subscribe'>, 'room'>) => Promise<unknown>
  /** {@link Reception.wants} may say something else. */
  readonly changed: () => void
}

/** What we want to be sent of others: what was said by hand, and what follows from where tracks are shown. */
export class Reception {
  readonly #options: ReceptionOptions
  readonly #wishes: Subscriptions
  readonly #views: Views
  #pictures: readonly TrackName[] = []

  constructor(options: ReceptionOptions) {
    const { clock, ask } = options
    this.#options = options
    this.#views = new Views({ clock, changed: tracks => this.#viewed(tracks) })
    this.#wishes = new Subscriptions(ask, this.#views)
  }

  /** Whether the SFU, if the room uses it, is to send us a track. */
  wants(participant: string, track: string): boolean {
    return this.#wishes.wants(participant, track)
  }

  subscribe(wishes: SubscriptionWishes): Promise<void> {
    const said = this.#wishes.change(wishes, this.#options.topology())
    this.#options.changed()
    return said
  }

  view(name: TrackName, place: HTMLElement | PictureSize, options: ViewOptions): TrackView {
    const isElement = 'ownerDocument' in place
    const view = this.#views.add(name, options, isElement)
    const stop = isElement ? watchElement(place, sight => view.see(sight)) : view.see(place)
    this.#views.expect(this.#pictures)
    return {
      change: view.change,
      close: () => {
        stop?.()
        view.close()
      },
    }
  }

  /** Everybody else who is here. */
  setPresent(participants: readonly ParticipantState[]): void {
    this.#pictures = participants.flatMap(({ id, tracks }) =>
      tracks.flatMap(({ id: track, kind }) => (kind === 'video' ? { participant: id, track } : [])),
    )
    this.#views.expect(this.#pictures)
  }

  /** Tells an SFU that knows nothing all that we want, or only what concerns one participant who is new to it. */
  repeat(participant?: string): void {
    if (this.#options.topology() === 'sfu') this.#wishes.repeat(participant)
  }

  /** The participant has left. */
  forget(participant: string): void {
    this.#wishes.forget(participant)
    this.#views.forget(participant)
  }

  close(): void {
    this.#views.close()
  }

  #viewed(tracks: readonly TrackName[]): void {
    void this.#wishes.viewed(tracks, this.#options.topology())
    this.#options.changed()
  }
}
