import type { TrackSource } from '@parley/protocol'
import { ParleyError } from '../error.ts'
import type { LocalTrack, PublishOptions, TrackState, Unsubscribe } from '../types.ts'
import type { OutgoingTrack } from './media-plane.ts'
import { kindOf } from './room-state.ts'

/** Sends and announces the track. Both promises settle when the server has been told. */
export interface TrackOwner {
  changed(): Promise<unknown>
  removed(): Promise<unknown>
  /** The caller's track has ended by itself. */
  ended(): void
}

/** One of our tracks: what it sends now, and the caller's way to change that. */
export class PublishedTrack implements LocalTrack {
  readonly id: string
  readonly source: TrackSource
  readonly #streams: readonly MediaStream[]
  readonly #owner: TrackOwner
  #mediaTrack: MediaStreamTrack
  #options: PublishOptions
  #muted: boolean
  #outgoingTrack: OutgoingTrack | undefined
  #stopWatching: Unsubscribe = () => {}

  /**
   * A track that is disabled (`enabled = false`) starts muted.
   * @param id The last of the `streams`.
   */
  constructor(
    source: TrackSource,
    id: string,
    streams: readonly MediaStream[],
    mediaTrack: MediaStreamTrack,
    options: PublishOptions,
    owner: TrackOwner,
  ) {
    this.id = id
    this.source = source
    this.#streams = streams
    this.#owner = owner
    this.#mediaTrack = mediaTrack
    this.#options = options
    this.#muted = !mediaTrack.enabled
    this.#use(mediaTrack)
  }

  get muted(): boolean {
    return this.#muted
  }

  get mediaTrack(): MediaStreamTrack {
    return this.#mediaTrack
  }

  async mute(): Promise<void> {
    if (this.silence()) await this.#owner.changed()
  }

  async unmute(mediaTrack: MediaStreamTrack = this.#mediaTrack): Promise<void> {
    this.#check(mediaTrack)
    if (!this.#muted && mediaTrack === this.#mediaTrack) return
    this.#use(mediaTrack)
    this.#setMuted(false)
    await this.#owner.changed()
  }

  async replace(mediaTrack: MediaStreamTrack): Promise<void> {
    this.#check(mediaTrack)
    if (mediaTrack === this.#mediaTrack) return
    this.#use(mediaTrack)
    this.#setMuted(this.#muted)
    await this.#owner.changed()
  }

  async unpublish(): Promise<void> {
    this.release()
    await this.#owner.removed()
  }

  /** Replaces the track and the options. If it was muted, it stays muted. */
  async publishAgain(mediaTrack: MediaStreamTrack, options: PublishOptions): Promise<void> {
    this.#options = options
    const muted = this.#muted || !mediaTrack.enabled
    this.#use(mediaTrack)
    this.#setMuted(muted)
    await this.#owner.changed()
  }

  /** Mutes without telling anybody; false if it was muted already. */
  silence(): boolean {
    if (this.#muted) return false
    this.#setMuted(true)
    return true
  }

  /** Stops watching the caller's track. */
  release(): void {
    this.#stopWatching()
  }

  outgoingTrack(): OutgoingTrack {
    // A muted microphone sends silence, so that the first syllable after unmuting is not lost; a muted camera sends nothing.
    const released = this.#muted && this.#mediaTrack.kind === 'video'
    this.#outgoingTrack ??= {
      source: this.source,
      id: this.id,
      streams: this.#streams,
      carrier: this.#mediaTrack,
      track: released ? undefined : this.#mediaTrack,
      options: this.#options,
    }
    return this.#outgoingTrack
  }

  state(): TrackState {
    const { id, source, muted } = this
    const kind = kindOf(source)
    return { id, source, muted, kind, mediaTrack: kind === 'video' && muted ? undefined : this.#mediaTrack }
  }

  #setMuted(muted: boolean): void {
    this.#muted = muted
    this.#mediaTrack.enabled = !muted
    this.#outgoingTrack = undefined
  }

  #use(mediaTrack: MediaStreamTrack): void {
    this.release()
    this.#mediaTrack = mediaTrack
    this.#outgoingTrack = undefined
    const hint = this.#options.contentHint ?? (this.source === 'screen' ? 'detail' : undefined)
    if (hint !== undefined && mediaTrack.contentHint === '') mediaTrack.contentHint = hint
    this.#stopWatching = this.#untilEnded(mediaTrack)
  }

  /**
   * A screen track ends when “Stop sharing” is pressed: it is unpublished. A camera or microphone ends when it was unplugged, or
   * may not be used any more: it is muted, since another device may replace it.
   */
  #untilEnded(mediaTrack: MediaStreamTrack): Unsubscribe {
    const ended = () => {
      this.#owner.ended()
      const isScreen = this.source === 'screen' || this.source === 'screen-audio'
      const done = isScreen ? this.unpublish() : this.mute()
      done.catch(reportError)
    }
    mediaTrack.addEventListener('ended', ended)
    return () => mediaTrack.removeEventListener('ended', ended)
  }

  #check(mediaTrack: MediaStreamTrack): void {
    if (mediaTrack.kind !== this.#mediaTrack.kind) {
      throw new ParleyError('bad-request', `A ${this.source} cannot be an ${mediaTrack.kind} track.`)
    }
    checkLive(this.source, mediaTrack)
  }
}

/** Refuses a track that has ended: it would send nothing, and its `ended` event has already fired. */
export function checkLive(source: TrackSource, { readyState }: MediaStreamTrack): void {
  if (readyState === 'ended') throw new ParleyError('bad-request', `This ${source} track has ended: open another one.`)
}
