import type { Emitter, ParticipantState } from '@parley/client'
import type { Look } from './picture/painter.ts'

/** `composed`: the meeting as one picture with all sound, in one file. `tracks`: each person's tracks as files of their own. */
export type RecordingMode = 'composed' | 'tracks'

export interface RecordOptions {
  readonly mode: RecordingMode
  /** How people stand in the composed picture; a shared screen is always large. Default `grid`. */
  readonly layout?: 'grid' | 'speaker'
  /** What stands for somebody whose camera is off. Default: the first letter of the name. */
  readonly look?: (participant: ParticipantState) => Look
  /** What is written on somebody's shared screen in the composed picture. Default: `Ann · screen`. */
  readonly screenName?: (participant: ParticipantState) => string
}

/**
 * How a recording came to its end.
 * - `stopped`: {@link LocalRecording.stop} was called.
 * - `left`: we are no longer in the room.
 * - `disk-full`: the browser gives no more space; what had been recorded is kept.
 * - `failed`: the browser stopped recording or writing; what had been recorded is kept.
 */
export type RecordingEnd = 'stopped' | 'left' | 'disk-full' | 'failed'

export type LocalRecordingState =
  | { readonly status: 'recording' }
  /** What was recorded is made into files that can be searched; `progress` from 0 to 1. */
  | { readonly status: 'finishing'; readonly end: RecordingEnd; readonly progress: number }
  /**
   * `saved` is how it stands in the list; undefined if nothing had been recorded yet. It is not `finished` if there was no space to
   * make it searchable: {@link Recordings.recover} does that later.
   */
  | { readonly status: 'ended'; readonly end: RecordingEnd; readonly saved: SavedRecording | undefined }

export interface LocalRecordingEvents {
  state: LocalRecordingState
  /** About once a second while it runs: bytes written so far. */
  bytes: number
}

/** A recording that this device makes; from `record`. */
export interface LocalRecording extends Emitter<LocalRecordingEvents> {
  readonly id: string
  readonly mode: RecordingMode
  readonly state: LocalRecordingState
  /** How long it has been running; stands still once it has stopped. */
  readonly elapsedMs: number
  /** Bytes written so far. */
  readonly bytes: number
  /** Stops recording, and resolves with what was saved once its files are finished. Calling it again waits for the same. */
  stop(): Promise<SavedRecording | undefined>
}

/** One file of a recording. */
export interface RecordedFile {
  /** Of {@link Recordings.file}. */
  readonly path: string
  readonly mimeType: string
  /** A name to save it under, safe on every system. */
  readonly name: string
  readonly bytes: number
  /** Undefined until it is finished. */
  readonly durationMs: number | undefined
  /** How long after the recording this file begins. */
  readonly startMs: number
  /** Whose track it is; undefined: the whole meeting. */
  readonly track: RecordedTrack | undefined
}

export interface RecordedTrack {
  /** The person's name when the file began. */
  readonly name: string
  readonly source: 'camera' | 'microphone' | 'screen' | 'screen-audio'
}

/** A recording that is kept on this device. */
export interface SavedRecording {
  readonly id: string
  readonly room: string
  readonly mode: RecordingMode
  /** This device's clock, ms since 1970. */
  readonly startedAt: number
  /** Of the recording as a whole; until it is finished, as of the last seconds that were noted. */
  readonly durationMs: number
  /**
   * - `running`: in this tab or another one.
   * - `interrupted`: the page or the browser went away, or there was no space to finish it. What there is can be recovered.
   * - `finished`: its files play everywhere and can be searched.
   */
  readonly state: 'running' | 'interrupted' | 'finished'
  readonly bytes: number
  readonly files: readonly RecordedFile[]
}

export type RecordingErrorCode = 'unsupported' | 'no-storage' | 'disk-full' | 'unreadable' | 'running' | 'failed'

const texts: Record<RecordingErrorCode, { readonly message: string; readonly remedy: string }> = {
  unsupported: { message: 'This browser cannot record.', remedy: 'Use a current Chrome, Edge, Firefox or Safari.' },
  'no-storage': {
    message: 'This browser gives this page no place to keep a recording.',
    remedy: 'Leave private browsing, and open the page over HTTPS.',
  },
  'disk-full': {
    message: 'There is too little space on this device.',
    remedy: 'Delete recordings or other files, and try again.',
  },
  unreadable: {
    message: 'Nothing that can be played was found in this recording.',
    remedy: 'It ended before anything had been written. Delete it.',
  },
  running: { message: 'This recording is still running, maybe in another tab.', remedy: 'Stop it first.' },
  failed: { message: 'The recording failed.', remedy: 'Try again.' },
}

/** Every error of this package: `code` to branch on, `message` to show, `remedy` to act on. */
export class RecordingError extends Error {
  readonly code: RecordingErrorCode
  readonly remedy: string

  constructor(code: RecordingErrorCode, options?: ErrorOptions) {
    super(texts[code].message, options)
    this.name = 'RecordingError'
    this.code = code
    this.remedy = texts[code].remedy
  }
}

/** Whether an error says that there is no more space: a DOMException of that name, also one that came from a worker. */
export function isDiskFull(error: unknown): boolean {
  return (
    error instanceof Error && (error.name === 'QuotaExceededError' || ('code' in error && error.code === 'disk-full'))
  )
}
