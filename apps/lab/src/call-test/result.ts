import type { ServerLook } from '../server/look.ts'
import type { JudgedServer } from '../trickle/verdict.ts'
import type { CallSummary } from './measure.ts'

/** Ways a call can go: straight between the two ends, through the TURN relay, or through the server's SFU. */
export type CallKind = 'direct' | 'relayed' | 'sfu'
export const callKinds: readonly CallKind[] = ['direct', 'relayed', 'sfu']

export type Signalling =
  | { readonly is: 'answered'; readonly roundTripMs: number }
  | { readonly is: 'unreachable'; readonly error: string }

/** Whether the address that the relay gives out is one that answers from here. */
export type PublicAddress = { readonly is: 'answers' | 'silent'; readonly address: string }

export type CallResult =
  | { readonly kind: CallKind; readonly is: 'measured'; readonly setUpMs: number; readonly summary: CallSummary }
  /** `reason` as the SDK says it. */
  | { readonly kind: CallKind; readonly is: 'failed'; readonly reason: string }
  /** No way to the relay is open, so that there is nothing to try. */
  | { readonly kind: 'relayed'; readonly is: 'no-way'; readonly reason: string }
  /** The server has no such way, or has it not for this person. */
  | { readonly kind: CallKind; readonly is: 'not-offered'; readonly reason: string }

export interface CallTestResult {
  readonly signalling: Signalling
  /** Undefined in reports of older versions. */
  readonly server?: ServerLook | undefined
  readonly publicAddress?: PublicAddress | undefined
  /** Each TURN address of the server. Empty where it offers none. */
  readonly turn: readonly JudgedServer[]
  readonly calls: readonly CallResult[]
}
