import type { Picture } from '../gl/compositor.ts'
import type { Size } from '../mask/smoothing.ts'

/**
 * Makes a new picture of a frame. `plain` lets it go on as it is, `nothing` keeps it back. Called for one frame at a time; must
 * not throw.
 */
export type Paint = (frame: Picture, size: Size) => Promise<OffscreenCanvas | 'plain' | 'nothing'>

/** Takes the frames of a track, has each painted, and gives them out on a track of its own. */
export interface FrameLoop {
  /** The treated track; it stays the same. */
  readonly track: MediaStreamTrack
  /** Ends `track`; the source stays open. */
  close(): void
}

export type OpenFrames = (source: MediaStreamTrack, paint: Paint) => FrameLoop

/**
 * Lets a treated track say of itself what its camera says: which way it looks, and how large its pictures are, of which a
 * browser knows nothing for a track that a page makes.
 */
export function asFrom(source: MediaStreamTrack, treated: MediaStreamTrack): void {
  Object.defineProperty(treated, 'getSettings', { value: () => source.getSettings(), configurable: true })
}
