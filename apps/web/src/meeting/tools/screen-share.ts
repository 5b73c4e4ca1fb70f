import { createScreen, type Room, type ScreenTracks } from '@parley/client'

/** Opens the browser's screen picker; tests replace it. */
export type OpenScreen = (options: { readonly audio: boolean }) => Promise<ScreenTracks>

/** Whether this browser can share a screen at all: phones cannot. */
export function canShareScreen(): boolean {
  return typeof navigator !== 'undefined' && typeof navigator.mediaDevices?.getDisplayMedia === 'function'
}

/**
 * Shares a screen with the room, and its sound if the person shares that too. The browser's own “stop sharing”
 * ends it as well as {@link ScreenShare.stop}.
 */
export class ScreenShare {
  readonly #room: Room
  readonly #open: OpenScreen
  #tracks: readonly MediaStreamTrack[] = []
  #asking = false

  constructor(room: Room, open: OpenScreen = createScreen) {
    this.#room = room
    this.#open = open
  }

  get active(): boolean {
    return this.#tracks.length > 0
  }

  /** Throws a ClientError: `media-dismissed` when nothing was chosen. Does nothing while the picker is already open. */
  async start(): Promise<void> {
    if (this.#asking || this.active) return
    this.#asking = true
    try {
      const { video, audio } = await this.#open({ audio: true })
      this.#tracks = audio ? [video, audio] : [video]
      video.addEventListener('ended', () => void this.stop())
      await this.#room.publish('screen', video, { contentHint: 'detail' })
      if (audio && this.active) await this.#room.publish('screen-audio', audio)
    } catch (error) {
      this.#release()
      throw error
    } finally {
      this.#asking = false
    }
  }

  /** Stops the capture and unpublishes it. Never throws: if the room is gone, there is nothing to unpublish. */
  async stop(): Promise<void> {
    this.#release()
    for (const source of ['screen', 'screen-audio'] as const) {
      await this.#room.localTracks
        .get(source)
        ?.unpublish()
        .catch((error: unknown) => console.warn(`The ${source} was not taken out of the room:`, error))
    }
  }

  #release(): void {
    for (const track of this.#tracks) track.stop()
    this.#tracks = []
  }
}
