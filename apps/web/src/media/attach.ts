import type { LocalTrack, Room } from '@parley/client'
import type { TrackSource } from '@parley/protocol'
import { codeOf } from '@parley/ui/page'
import { setInput } from './media.ts'
import type { InputKind, InputState } from './state.ts'
import { useMedia } from './store.ts'

export type Published = Pick<LocalTrack, 'muted' | 'mediaTrack'> | undefined
export type Step = 'nothing' | 'publish' | 'mute' | 'unmute' | 'replace'

/** The next step that brings the room in sync with the device. Nothing is published before the device is first on. */
export function nextStep(state: InputState, published: Published): Step {
  const track = state.status === 'on' ? state.track : undefined
  if (!track) return published && !published.muted ? 'mute' : 'nothing'
  if (!published) return 'publish'
  if (published.muted) return 'unmute'
  return published.mediaTrack === track ? 'nothing' : 'replace'
}

/**
 * Publishes microphone and camera in the room and keeps them in sync with the devices until the room ends. A mute by a
 * host turns the device off here.
 */
export function attachRoom(room: Room): void {
  const keepers = (['microphone', 'camera'] as const).map(kind => new Keeper(room, kind))
  const update = () => {
    for (const keeper of keepers) void keeper.update()
  }
  const stopStore = useMedia.subscribe(update)
  const stopHost = room.on('mutedByHost', ({ source }) => {
    if (isInput(source)) void setInput(source, false)
  })
  const stopEnd = room.on('ended', () => {
    for (const stop of [stopStore, stopHost, stopEnd]) stop()
    for (const keeper of keepers) keeper.close()
  })
  update()
}

/** Errors that are expected from a room that was just left. */
const gone: ReadonlySet<string | undefined> = new Set(['closed', 'not-in-room', 'no-such-room'])

const isInput = (source: TrackSource): source is InputKind => source === 'microphone' || source === 'camera'

/** Runs one step at a time, always based on the latest state. */
class Keeper {
  readonly #room: Room
  readonly #kind: InputKind
  #busy = false
  #closed = false

  constructor(room: Room, kind: InputKind) {
    this.#room = room
    this.#kind = kind
  }

  async update(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    try {
      while (!this.#closed && (await this.#step())) {}
    } catch (error) {
      // A room that is gone reports that itself; after any other error, the next change of the device tries again.
      if (!gone.has(codeOf(error))) console.warn(`The ${this.#kind} could not be brought in step:`, error)
    } finally {
      this.#busy = false
    }
  }

  close(): void {
    this.#closed = true
  }

  /** Runs the next step; false if there was nothing to do. */
  async #step(): Promise<boolean> {
    if (this.#room.state.status.status === 'ended') return false
    const state = useMedia.getState()[this.#kind]
    const published = this.#room.localTracks.get(this.#kind)
    const step = nextStep(state, published)
    if (step === 'nothing') return false
    if (step === 'mute') await published?.mute()
    else if (state.status === 'on') {
      if (step === 'publish') await this.#room.publish(this.#kind, state.track)
      else if (step === 'unmute') await published?.unmute(state.track)
      else await published?.replace(state.track)
    }
    return true
  }
}
