import type { MessagePort } from 'node:worker_threads'
import type { WakeToken } from '@parley/ffi'

/** What another thread tells a loop. */
export type ControlMessage = { readonly kind: 'message'; readonly value: unknown } | { readonly kind: 'stop' }

/** A loop's end of the channel to the thread that directs it. */
export interface LoopControl {
  readonly port: MessagePort
  /** Ends the loop's wait when there is a message. Only a batched loop needs it. */
  readonly wake?: WakeToken
}

/** How a loop is made. */
export interface LoopOptions {
  /** Takes what a handler or the program threw. Must not throw. */
  readonly onError: (error: unknown) => void
  /** The largest datagram that is received, in bytes; larger ones are counted and dropped. Default 2048. */
  readonly maxDatagramBytes?: number
  readonly control?: LoopControl
  /**
   * With `run`, asks Linux to run this thread before others, which works for root or with CAP_SYS_NICE. Turns are short, and
   * being interrupted by a process that a turn has just woken up costs more than it gains.
   */
  readonly urgent?: boolean
}

export const DEFAULT_MAX_DATAGRAM = 2048
