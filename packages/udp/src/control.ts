import type { MessagePort } from 'node:worker_threads'
import type { WakeToken } from '@parley/ffi'

/** What a loop is told from another thread. */
export type ControlMessage = { readonly kind: 'message'; readonly value: unknown } | { readonly kind: 'stop' }

/** A loop's end of the wire to the thread that directs it. */
export interface LoopControl {
  readonly port: MessagePort
  /** Ends the loop's wait when there is a message; only a batched loop needs one. */
  readonly wake?: WakeToken
}

/** How a loop is made. */
export interface LoopOptions {
  /** Told what a handler or the program threw. It must not throw. */
  readonly onError: (error: unknown) => void
  /** The largest datagram that is received; larger ones are counted and dropped. Default 2048. */
  readonly maxDatagramBytes?: number
  readonly control?: LoopControl
  /**
   * With `run`, asks Linux to run this thread before others, which it does for root or with CAP_SYS_NICE. A turn is short;
   * to be interrupted in it by whom it woke costs more.
   */
  readonly urgent?: boolean
}

export const DEFAULT_MAX_DATAGRAM = 2048
