import type { ControlMessage, LoopControl } from '../control.ts'
import type { LoopKind } from '../create-loop.ts'

/** What a loop's worker is started with. */
export interface WorkerSetup {
  readonly kind: LoopKind
  readonly maxDatagramBytes: number | undefined
  readonly urgent: boolean | undefined
  readonly control: LoopControl
  readonly data: unknown
}

export type ToWorker = ControlMessage

export type FromWorker =
  | { readonly kind: 'message'; readonly value: unknown }
  | { readonly kind: 'error'; readonly name: string; readonly message: string; readonly stack: string | undefined }

/** Anything that was thrown, in a form that can be sent to another thread. */
export function errorMessage(thrown: unknown): FromWorker {
  if (!(thrown instanceof Error)) return { kind: 'error', name: 'Error', message: String(thrown), stack: undefined }
  const { name, message, stack } = thrown
  return { kind: 'error', name, message, stack }
}

/** Makes it an error again, with the stack that it had in the other thread. */
export function errorFrom(message: FromWorker & { kind: 'error' }): Error {
  const error = new Error(message.message)
  error.name = message.name
  if (message.stack) error.stack = message.stack
  return error
}
