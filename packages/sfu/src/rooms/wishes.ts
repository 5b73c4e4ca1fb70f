import type { SubscriptionWish, SubscriptionWishes } from '@parley/protocol'
import { type Want, wantAll } from '../control.ts'

/** About how many tracks of one participant somebody may have a wish. */
const mostWishes = 64

/** What a participant wants to receive, which is everything at first. */
export class Wishes {
  #auto = true
  /** By participant and track; undefined: not wanted. */
  readonly #byParticipant = new Map<string, Map<string, Want | undefined>>()

  /** @param known Whether a participant is in the room. Wishes about others are ignored. */
  update({ auto = this.#auto, tracks = [] }: SubscriptionWishes, known: (participant: string) => boolean): void {
    this.#auto = auto
    for (const wish of tracks) {
      const { participant, track } = wish
      if (!known(participant)) continue
      const wishes = this.#byParticipant.get(participant) ?? new Map<string, Want | undefined>()
      this.#byParticipant.set(participant, wishes)
      if (wishes.size < mostWishes || wishes.has(track)) wishes.set(track, wanted(wish))
    }
  }

  /** Undefined: the track is not wanted. */
  want(participant: string, track: string): Want | undefined {
    const wishes = this.#byParticipant.get(participant)
    if (wishes?.has(track)) return wishes.get(track)
    return this.#auto ? wantAll : undefined
  }

  forget(participant: string): void {
    this.#byParticipant.delete(participant)
  }
}

function wanted({ state, width, height, priority = 'normal', layer }: SubscriptionWish): Want | undefined {
  if (state === 'off') return undefined
  return {
    paused: state === 'paused',
    pixels: width === undefined || height === undefined ? undefined : width * height,
    priority,
    layer: layer && { spatial: layer.spatial, temporal: layer.temporal },
  }
}
