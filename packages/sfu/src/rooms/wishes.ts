import type { SubscriptionState, SubscriptionWishes } from '@parley/protocol'

/** So many tracks of one participant somebody may have an opinion of. */
const most = 64

/** What a participant wants to receive: at first everything. */
export class Wishes {
  #auto = true
  readonly #byParticipant = new Map<string, Map<string, SubscriptionState>>()

  /** @param known Whether there is such a participant; wishes about others are forgotten. */
  update({ auto = this.#auto, tracks = [] }: SubscriptionWishes, known: (participant: string) => boolean): void {
    this.#auto = auto
    for (const { participant, track, state } of tracks) {
      if (!known(participant)) continue
      const wishes = this.#byParticipant.get(participant) ?? new Map<string, SubscriptionState>()
      this.#byParticipant.set(participant, wishes)
      if (wishes.size < most || wishes.has(track)) wishes.set(track, state)
    }
  }

  state(participant: string, track: string): SubscriptionState {
    return this.#byParticipant.get(participant)?.get(track) ?? (this.#auto ? 'on' : 'off')
  }

  forget(participant: string): void {
    this.#byParticipant.delete(participant)
  }
}
