import type { Track, TrackSource } from '@parley/protocol'
import { ParleyError } from '../error.ts'
import type { LocalTrack, PublishOptions, TrackState } from '../types.ts'
import type { OutgoingTrack } from './media-plane.ts'
import { checkLive, PublishedTrack } from './published-track.ts'
import { kindOf } from './room-state.ts'

export interface LocalTracksOptions {
  /** Something about our tracks has changed that others have to be sent, told or shown. */
  readonly changed: () => void
  /** A track that the caller gave us has ended by itself. */
  readonly ended: (source: TrackSource) => void
  /** Whether they are encrypted end to end. */
  readonly encrypted?: boolean
  /** Tells the server the whole list, and how many mutes by hosts this seat knew of. */
  readonly announce: (tracks: readonly Track[], mutesHeard: number) => Promise<unknown>
}

/** Tracks that come from one place share a stream, so that they play in sync. */
const groups: Record<TrackSource, 'person' | 'screen'> = {
  camera: 'person',
  microphone: 'person',
  screen: 'screen',
  'screen-audio': 'screen',
}

/** The tracks that we publish; at most one per source. */
export class LocalTracks {
  readonly #options: LocalTracksOptions
  readonly #tracks = new Map<TrackSource, PublishedTrack>()
  readonly #groups = { person: new MediaStream(), screen: new MediaStream() }
  /** One stream per source, made once: the stream ids of a media section should never change, Chromium loses track of them. */
  readonly #own = new Map<TrackSource, MediaStream>()
  #announcement: Promise<unknown> | undefined
  #mutesHeard = 0
  #closed = false

  constructor(options: LocalTracksOptions) {
    this.#options = options
  }

  get bySource(): ReadonlyMap<TrackSource, LocalTrack> {
    return this.#tracks
  }

  /**
   * Settles when the track has been announced to everybody.
   * @throws {ParleyError} `bad-request` for a track of the wrong kind, one that has ended or is published already; `not-allowed`;
   * `closed`.
   */
  async publish(source: TrackSource, mediaTrack: MediaStreamTrack, options: PublishOptions): Promise<LocalTrack> {
    this.#check(source, mediaTrack)
    const existing = this.#tracks.get(source)
    if (existing) {
      await existing.publishAgain(mediaTrack, options)
      return existing
    }
    const own = this.#own.get(source) ?? new MediaStream()
    this.#own.set(source, own)
    const streams = [this.#groups[groups[source]], own]
    const track: PublishedTrack = new PublishedTrack(source, own.id, streams, mediaTrack, options, {
      changed: () => (this.#tracks.get(source) === track ? this.#changed() : Promise.resolve()),
      removed: () => (this.#remove(track) ? this.#announce() : Promise.resolve()),
      ended: () => this.#options.ended(source),
    })
    this.#tracks.set(source, track)
    try {
      await this.#changed()
    } catch (error) {
      this.#remove(track)
      throw error
    }
    return track
  }

  outgoingTracks(): readonly OutgoingTrack[] {
    return [...this.#tracks.values()].map(track => track.outgoingTrack())
  }

  /** The tracks as announced to the others. */
  announced(): readonly Track[] {
    const encrypted = this.#options.encrypted ? ({ encrypted: true } as const) : {}
    return [...this.#tracks.values()].map(({ id, source, muted }) => ({ id, source, muted, ...encrypted }))
  }

  states(): readonly TrackState[] {
    return [...this.#tracks.values()].map(track => track.state())
  }

  /** A host has muted this source; the server has told the others. */
  mutedByHost(source: TrackSource): void {
    this.#mutesHeard++
    if (this.#tracks.get(source)?.silence()) this.#options.changed()
  }

  /** We have a new seat, and mutes are counted by seat. */
  newSeat(): void {
    this.#mutesHeard = 0
  }

  /** Releases every track without stopping it: the tracks belong to the caller. */
  close(): void {
    this.#closed = true
    for (const track of this.#tracks.values()) track.release()
    this.#tracks.clear()
  }

  #check(source: TrackSource, mediaTrack: MediaStreamTrack): void {
    if (this.#closed) throw new ParleyError('closed')
    if (mediaTrack.kind !== kindOf(source)) {
      throw new ParleyError('bad-request', `A ${source} cannot be an ${mediaTrack.kind} track.`)
    }
    checkLive(source, mediaTrack)
    for (const other of this.#tracks.values()) {
      if (other.mediaTrack !== mediaTrack || other.source === source) continue
      throw new ParleyError('bad-request', `This track is published as ${other.source} already; publish a clone of it.`)
    }
  }

  #changed(): Promise<unknown> {
    this.#options.changed()
    return this.#announce()
  }

  #remove(track: PublishedTrack): boolean {
    if (this.#tracks.get(track.source) !== track) return false
    track.release()
    this.#tracks.delete(track.source)
    this.#options.changed()
    return true
  }

  /** One announcement for all changes of one turn: publishing a camera and a microphone together sends one message. */
  #announce(): Promise<unknown> {
    this.#announcement ??= Promise.resolve().then(() => {
      this.#announcement = undefined
      return this.#closed ? undefined : this.#options.announce(this.announced(), this.#mutesHeard)
    })
    return this.#announcement
  }
}
