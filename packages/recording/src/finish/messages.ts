import type { RecordingErrorCode } from '../types.ts'

/** What the worker is to finish: from one file of a recording's folder to another. */
export interface FinishRequest {
  readonly id: string
  readonly part: string
  readonly whole: string
}

export type FinishAnswer =
  | { readonly progress: number }
  | { readonly durationMs: number }
  | { readonly error: { readonly name: string; readonly message: string; readonly code?: RecordingErrorCode } }
