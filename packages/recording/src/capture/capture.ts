import type { FileWriter } from '../storage/store.ts'
import type { RecordedTrack } from '../types.ts'
import type { Format } from './formats.ts'

/** Turns a meeting into files. */
export interface Capture {
  /** Resolves once it runs. Throws RecordingError. */
  start(): Promise<void>
  /** Resolves once all that was captured has been written or has failed. Never rejects; calling it again waits for the same. */
  stop(): Promise<void>
}

/** What a capture needs of the recording that it belongs to. */
export interface CaptureHost {
  openFile(format: Format, track?: RecordedTrack): Promise<FileWriter>
  /** So many more bytes have been written. */
  wrote(bytes: number): void
  /** It cannot go on. */
  failed(error: unknown): void
}
