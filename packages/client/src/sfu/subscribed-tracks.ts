import type { CarriedTrack } from '@parley/protocol'
import { watchArrival } from '../peer-connection/media-arrival.ts'
import type { IncomingTrack } from '../room/media-plane.ts'

interface Subscribed {
  readonly carried: CarriedTrack
  readonly receiver: RTCRtpReceiver
  readonly stopListening: AbortController
}

/** The tracks in the media sections of a subscribe connection, as its last offer described them. */
export class SubscribedTracks {
  readonly #changed: (participant: string, track: string, incoming: IncomingTrack | undefined) => void
  readonly #bySection = new Map<string, Subscribed>()

  readonly #owned: (receiver: RTCRtpReceiver, participant: string | undefined) => void

  /**
   * @param changed A track has been negotiated, has brought its first media, or is gone.
   * @param owned Whose media a receiver brings from now on; undefined: nobody's.
   */
  constructor(
    changed: (participant: string, track: string, incoming: IncomingTrack | undefined) => void,
    owned: (receiver: RTCRtpReceiver, participant: string | undefined) => void,
  ) {
    this.#changed = changed
    this.#owned = owned
  }

  get carried(): readonly CarriedTrack[] {
    return [...this.#bySection.values()].map(({ carried }) => carried)
  }

  receiverOf(participant: string, track: string): RTCRtpReceiver | undefined {
    for (const { carried, receiver } of this.#bySection.values()) {
      if (carried.participant === participant && carried.track === track) return receiver
    }
    return undefined
  }

  update(carried: readonly CarriedTrack[], transceivers: readonly RTCRtpTransceiver[]): void {
    const wanted = new Map(carried.map(track => [track.mid, track]))
    for (const [mid, { carried: before }] of [...this.#bySection]) {
      const now = wanted.get(mid)
      if (now?.participant !== before.participant || now.track !== before.track) this.#remove(mid)
    }
    for (const { mid, receiver } of transceivers) {
      const track = mid === null ? undefined : wanted.get(mid)
      if (track && !this.#bySection.has(track.mid)) this.#add(track, receiver)
    }
  }

  close(): void {
    for (const mid of [...this.#bySection.keys()]) this.#remove(mid)
  }

  #add(carried: CarriedTrack, receiver: RTCRtpReceiver): void {
    const stopListening = new AbortController()
    this.#bySection.set(carried.mid, { carried, receiver, stopListening })
    this.#owned(receiver, carried.participant)
    watchArrival(receiver, stopListening.signal, incoming =>
      this.#changed(carried.participant, carried.track, incoming),
    )
  }

  #remove(mid: string): void {
    const subscribed = this.#bySection.get(mid)
    if (!subscribed) return
    this.#bySection.delete(mid)
    subscribed.stopListening.abort()
    this.#owned(subscribed.receiver, undefined)
    this.#changed(subscribed.carried.participant, subscribed.carried.track, undefined)
  }
}
