import type { ParticipantState, Room, TrackView, Unsubscribe } from '@parley/client'
import type { Rect, Size } from './geometry.ts'
import { layOut } from './layout.ts'
import { type Look, type PaintedTile, Painter } from './painter.ts'
import { keyOf, type SceneTile, sceneOf } from './scene.ts'
import { Ticker } from './ticker.ts'

export interface ComposerOptions {
  readonly layout: 'grid' | 'speaker'
  readonly look: (participant: ParticipantState) => Look
  readonly screenName: (participant: ParticipantState) => string
}

const size: Size = { width: 1280, height: 720 }
const framesPerSecond = 25
/** Without a new picture, the old one is repeated so often: a player needs one to begin with after a jump. */
const repeatMs = 1000

/** On a device that is too slow for all pictures, the page has so many times the time of a drawing to itself before the next. */
const restShare = 2

/** A tile with what it is drawn from. */
interface Shown {
  readonly tile: SceneTile
  readonly frame: Rect
}

/**
 * The meeting as one moving picture: everybody as a tile, whoever comes and goes. Draws only when a picture has changed, at most 25
 * times a second, and goes on in a hidden tab.
 */
export class Composer {
  readonly track: MediaStreamTrack
  readonly #room: Room
  readonly #options: ComposerOptions
  readonly #canvas: HTMLCanvasElement
  readonly #painter: Painter
  /** Hands the picture that is on the canvas over. */
  readonly #push: () => void
  readonly #ticker: Ticker
  readonly #sources = new Map<string, PictureSource>()
  readonly #stopListening: readonly Unsubscribe[]
  #shown: readonly Shown[] = []
  #changed = true
  #restUntil = 0
  #drawnAt = Number.NEGATIVE_INFINITY

  /** @throws {Error} If the browser cannot draw. */
  constructor(room: Room, options: ComposerOptions) {
    this.#room = room
    this.#options = options
    this.#canvas = Object.assign(document.createElement('canvas'), size)
    const context = this.#canvas.getContext('2d', { alpha: false })
    const stream = this.#canvas.captureStream(0)
    const [track] = stream.getVideoTracks()
    if (!context || !track) throw new Error('This browser cannot draw moving pictures.')
    this.#painter = new Painter(context, 16)
    this.track = track
    // Firefox has it on the stream.
    const capture = ('requestFrame' in track ? track : stream) as CanvasCaptureMediaStreamTrack
    this.#push = () => capture.requestFrame()
    this.#stopListening = [room.on('changed', () => this.#arrange()), room.on('speakers', () => this.#arrange())]
    this.#arrange()
    this.#ticker = new Ticker(1000 / framesPerSecond, () => this.#tick())
  }

  close(): void {
    for (const stop of this.#stopListening) stop()
    this.#ticker.close()
    for (const source of this.#sources.values()) source.close()
    this.#sources.clear()
    this.track.stop()
  }

  #arrange(): void {
    const { state } = this.#room
    const tiles = sceneOf(state)
    const speakers = state.speakers.recent.map(id => keyOf(id, 'camera'))
    const rects = layOut(tiles, { speakers, layout: this.#options.layout }, size)
    this.#shown = tiles.flatMap(tile => {
      const frame = rects.get(tile.key)
      return frame ? { tile, frame } : []
    })
    const seen = new Set(this.#shown.map(({ tile }) => tile.key))
    for (const [key, source] of this.#sources) {
      if (seen.has(key)) continue
      source.close()
      this.#sources.delete(key)
    }
    for (const { tile, frame } of this.#shown) {
      const source = this.#sources.get(tile.key) ?? new PictureSource(this.#room)
      this.#sources.set(tile.key, source)
      source.show(tile, frame)
    }
    this.#changed = true
  }

  #tick(): void {
    const now = performance.now()
    if (now < this.#restUntil) return
    let fresh = this.#changed || now - this.#drawnAt >= repeatMs
    for (const source of this.#sources.values()) fresh = source.hasChanged() || fresh
    if (!fresh) return
    this.#changed = false
    this.#drawnAt = now
    this.#painter.paint(
      size,
      this.#shown.map(shown => this.#painted(shown)),
    )
    this.#push()
    const end = performance.now()
    this.#restUntil = end + (end - now) * restShare
  }

  #painted({ tile: { key, kind, participant }, frame }: Shown): PaintedTile {
    const video = this.#sources.get(key)?.picture
    const isScreen = kind === 'screen'
    return {
      frame,
      picture: video && { image: video, width: video.videoWidth, height: video.videoHeight, whole: isScreen },
      look: isScreen ? undefined : this.#options.look(participant),
      name: isScreen ? this.#options.screenName(participant) : participant.name,
    }
  }
}

/** Where the picture of one tile comes from: an element that is on no page, and a view that asks for the picture. */
class PictureSource {
  readonly #room: Room
  readonly #video = Object.assign(document.createElement('video'), { muted: true, playsInline: true })
  #mediaTrack: MediaStreamTrack | undefined
  #view: { readonly view: TrackView; readonly of: string } | undefined
  #seen = ''

  constructor(room: Room) {
    this.#room = room
  }

  /** Undefined while there is none. */
  get picture(): HTMLVideoElement | undefined {
    return this.#mediaTrack && this.#video.videoWidth > 0 ? this.#video : undefined
  }

  show({ participant, trackId, mediaTrack }: SceneTile, { width, height }: Rect): void {
    const of = trackId === undefined || participant.local ? undefined : `${trackId} ${width} ${height}`
    if (of !== this.#view?.of) {
      const before = this.#view
      this.#view =
        of !== undefined && trackId !== undefined
          ? { of, view: this.#room.view(participant.id, trackId, { width, height }) }
          : undefined
      before?.view.close()
    }
    if (mediaTrack === this.#mediaTrack) return
    this.#mediaTrack = mediaTrack
    this.#video.srcObject = mediaTrack ? new MediaStream([mediaTrack]) : null
    if (mediaTrack) this.#play()
  }

  /** Whether there is another picture than when it was asked last. */
  hasChanged(): boolean {
    if (!this.#mediaTrack) return false
    const { currentTime, videoWidth } = this.#video
    const frames = this.#video.getVideoPlaybackQuality?.().totalVideoFrames
    const now = `${videoWidth} ${frames || currentTime}`
    const changed = now !== this.#seen
    this.#seen = now
    return changed
  }

  close(): void {
    this.#view?.view.close()
    this.#view = undefined
    this.#mediaTrack = undefined
    this.#video.srcObject = null
  }

  #play(): void {
    this.#video.play().catch((error: unknown) => {
      // Another track took its place while it was starting.
      if (!(error instanceof DOMException && error.name === 'AbortError'))
        console.warn('A picture does not play:', error)
    })
  }
}
