import type { CallSample } from './measure.ts'
import type { CallKind } from './result.ts'

/** A call of this browser with itself, through the server. */
export interface OpenCall {
  /** From the start of the set-up to the first decoded video frame, ms. */
  readonly setUpMs: number
  sample(): Promise<CallSample>
  close(): void
}

/** Makes calls. A port, so that the test does not depend on how calls are made. */
export interface CallPort {
  /**
   * Resolves when the first video frame has been decoded.
   * @throws {NotOffered} if the server does not offer this kind of call; any other error says why the call failed.
   */
  open(kind: CallKind, signal: AbortSignal): Promise<OpenCall>
}

/** The server does not offer this kind of call, or this person's token does not allow it. */
export class NotOffered extends Error {}
