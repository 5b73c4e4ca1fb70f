import type { Participant } from '@parley/protocol'
import type { Clock } from '../clock.ts'
import type { RoomState, Unsubscribe } from '../types.ts'
import type { MediaPeer } from './media-plane.ts'

/** A little longer than the server keeps the seat of a dropped socket. */
const graceMs = 35_000

/** Somebody who joined this shortly before us may not have announced their tracks yet, ms. */
const freshMs = 1_000

/**
 * Turns the participants of a room into the peers that its media plane needs. Keeps what the room's state does not show: who
 * wants to be sent media, and who is absent, because a server that has just restarted does not know them yet. Absent people
 * come back by themselves, or are lost after a while.
 */
export class MediaPeers {
  readonly #clock: Clock
  readonly #lost: (id: string) => void
  readonly #subscribes = new Map<string, boolean>()
  readonly #absent = new Map<string, Unsubscribe>()

  constructor(clock: Clock, participants: readonly Participant[], lost: (id: string) => void) {
    this.#clock = clock
    this.#lost = lost
    for (const participant of participants) this.changed(participant)
  }

  joined(participant: Participant): void {
    this.#back(participant.id)
    this.changed(participant)
  }

  changed({ id, subscribe }: Participant): void {
    this.#subscribes.set(id, subscribe)
  }

  left(id: string): void {
    this.#back(id)
    this.#subscribes.delete(id)
  }

  /** A fresh snapshot. Those in `absent` are waited for; whoever was absent already has used up part of their time. */
  reconcile(present: readonly Participant[], absent: ReadonlySet<string>): void {
    const ids = new Set(present.map(({ id }) => id))
    for (const id of [...this.#subscribes.keys()]) if (!ids.has(id) && !absent.has(id)) this.#subscribes.delete(id)
    for (const participant of present) this.changed(participant)
    for (const id of [...this.#absent.keys()]) if (!absent.has(id)) this.#back(id)
    for (const id of absent) if (!this.#absent.has(id)) this.#await(id)
  }

  /** @param wants Whether we want the SFU to send us a track. */
  list(
    { status, self, participants }: RoomState,
    wants: (participant: string, track: string) => boolean,
  ): readonly MediaPeer[] {
    const connected = status.status === 'connected'
    return participants.map(({ id, tracks, via, joinedAt, encryption }) => ({
      id,
      tracks,
      unreadable: encryption !== 'off' && encryption !== 'on',
      unwanted: new Set(tracks.flatMap(track => (wants(id, track.id) ? [] : track.id))),
      throughServer: via !== undefined,
      subscribe: this.#subscribes.get(id) ?? true,
      reachable: connected && !this.#absent.has(id),
      offersFirst: joinedAt < self.joinedAt && (tracks.length > 0 || self.joinedAt - joinedAt < freshMs),
    }))
  }

  close(): void {
    for (const id of [...this.#absent.keys()]) this.#back(id)
  }

  #await(id: string): void {
    const stop = this.#clock.after(graceMs, () => {
      this.#absent.delete(id)
      this.#lost(id)
    })
    this.#absent.set(id, stop)
  }

  #back(id: string): void {
    this.#absent.get(id)?.()
    this.#absent.delete(id)
  }
}
