import type { EffectsChoice } from './choice.ts'
import type { NoiseLevel } from './noise/level.ts'

/**
 * What the effects are doing. While they are `loading`, what was in force before goes on; after `failed` with `assets` too.
 * After any other failure the plain picture goes on.
 */
export type EffectsState =
  | { readonly status: 'off' }
  | { readonly status: 'loading' }
  | { readonly status: 'on' }
  /** Less is done, because this computer is too slow: fewer looks for the person (`rate`), or smaller pictures too (`size`). */
  | { readonly status: 'stepped-down'; readonly less: 'rate' | 'size' }
  | { readonly status: 'failed'; readonly reason: FailureReason }

/**
 * `no-webgl`: the browser has none, or does not give it. `assets`: a file did not arrive, or does not run. `context-lost`: the
 * graphics driver has taken WebGL away. `too-slow`: even the least is too much for this computer. `broken`: drawing failed.
 */
export type FailureReason = 'no-webgl' | 'assets' | 'context-lost' | 'too-slow' | 'broken'

/** A camera's track with effects. */
export interface EffectedTrack {
  /** To be shown and sent. It stays the same while choices change, and gives the plain picture while nothing is in force. */
  readonly track: MediaStreamTrack
  readonly state: EffectsState
  /** What was asked for last. */
  readonly choice: EffectsChoice
  /** Asks for something else. The same again is another try after a failure. */
  change(choice: EffectsChoice): void
  /** Calls back when the state has changed, until the returned function is called. */
  onState(listener: (state: EffectsState) => void): () => void
  /** Ends `track`. The camera's own track stays open: whoever opened it stops it. */
  close(): void
}

/** A microphone's track with less noise. */
export interface QuietTrack {
  /** To be sent. It stays the same while the level changes. */
  readonly track: MediaStreamTrack
  readonly level: NoiseLevel
  /** @throws {Error} If the files of that level do not arrive; the one before stays in force. */
  change(level: NoiseLevel): Promise<void>
  /** Ends `track`; the microphone's own stays open. */
  close(): void
}

export interface ApplyOptions {
  /**
   * Gives no picture at all until the first choice is in force or has failed: for a camera that was not seen before, whose owner
   * wants to hide what is behind them. Default: the plain picture goes on meanwhile.
   */
  readonly hold?: boolean
}

export interface EffectsOptions {
  /** The folder on your own origin where the files are; see the package's README. */
  readonly assets: string
  /** The picture of one's own behind oneself (`own`). */
  readonly ownImage?: () => Promise<ImageBitmap>
}

export interface Effects {
  /** Puts effects on a camera's track. */
  apply(track: MediaStreamTrack, choice: EffectsChoice, options?: ApplyOptions): EffectedTrack
  /**
   * Takes the noise out of a microphone's track. Resolves when it does; send the plain track until then.
   * @throws {Error} If files do not arrive, or the browser does not run them.
   */
  suppressNoise(track: MediaStreamTrack, level: NoiseLevel): Promise<QuietTrack>
}
