import type { RoomState } from '@parley/client'

/** One sound of the meeting. */
export interface Voice {
  /** The same for the same source of the same person, whatever device it comes from. */
  readonly key: string
  readonly track: MediaStreamTrack
}

/** Makes a sound audible in the mix, until the returned function is called. */
export type Connect = (track: MediaStreamTrack) => () => void

/** The sounds that come and go in a mix. */
export class SoundMix {
  readonly #connect: Connect
  readonly #playing = new Map<string, { readonly track: MediaStreamTrack; readonly disconnect: () => void }>()

  constructor(connect: Connect) {
    this.#connect = connect
  }

  /** From now on, exactly these are heard. */
  set(voices: readonly Voice[]): void {
    const wanted = new Map(voices.map(({ key, track }) => [key, track]))
    for (const [key, { track, disconnect }] of this.#playing) {
      if (wanted.get(key) === track) continue
      this.#playing.delete(key)
      disconnect()
    }
    for (const [key, track] of wanted) {
      if (!this.#playing.has(key)) this.#playing.set(key, { track, disconnect: this.#connect(track) })
    }
  }

  close(): void {
    this.set([])
  }
}

/** All that can be heard in the room, our own microphone too. What is muted is not among it, though our device may still hear it. */
export function voicesOf({ self, participants }: Pick<RoomState, 'self' | 'participants'>): readonly Voice[] {
  return [self, ...participants].flatMap(({ id, tracks }) =>
    tracks.flatMap(({ kind, source, muted, mediaTrack }) =>
      kind === 'audio' && !muted && mediaTrack ? [{ key: `${id} ${source}`, track: mediaTrack }] : [],
    ),
  )
}
