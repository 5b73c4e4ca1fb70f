import type { CallSample } from './measure.ts'
import type { CallKind } from './result.ts'

/** A call of this browser with itself, through the server. */
export interface OpenCall {
  /** From the beginning to the first decoded picture, ms. */
  readonly setUpMs: number
  sample(): Promise<CallSample>
  close(): void
}

/** Makes calls; what they are made with is no matter to the test. */
export interface CallPort {
  /**
   * Resolves when the first picture has arrived.
   * @throws {NotOffered} where the server has no such way; any other error says why there was no call.
   */
  open(kind: CallKind, signal: AbortSignal): Promise<OpenCall>
}

/** The server, or this person's token, has no such way. */
export class NotOffered extends Error {}
