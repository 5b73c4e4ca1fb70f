import type { TrackSource } from '@parley/protocol'
import type { PublishOptions } from '../types.ts'

/** An immutable picture of one of our tracks, as the media plane has to send it. */
export interface Publication {
  readonly source: TrackSource
  /** The track's own stream id, announced as `Track.id`; the same whenever something is published from this source. */
  readonly id: string
  /** A stream shared with what has to play in step with it (lips and voice), then the track's own. */
  readonly streams: readonly MediaStream[]
  /** What was published last, even where it is not being sent. */
  readonly carrier: MediaStreamTrack
  /** Send this; undefined = send nothing, keep the path. */
  readonly track: MediaStreamTrack | undefined
  readonly options: PublishOptions
}
