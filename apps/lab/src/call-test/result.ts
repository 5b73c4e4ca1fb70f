import type { ServerLook } from '../server/look.ts'
import type { JudgedServer } from '../trickle/verdict.ts'
import type { CallSummary } from './measure.ts'

/** The routes a call can take: directly between the two ends, through the TURN relay, or through the server's SFU. */
export type CallKind = 'direct' | 'relayed' | 'sfu'
export const callKinds: readonly CallKind[] = ['direct', 'relayed', 'sfu']

export type Signalling =
  | { readonly is: 'answered'; readonly roundTripMs: number }
  | { readonly is: 'unreachable'; readonly error: string }

/** Whether the relay address that TURN hands out can be reached from here. */
export type PublicAddress = { readonly is: 'answers' | 'silent'; readonly address: string }

export type CallResult =
  | { readonly kind: CallKind; readonly is: 'measured'; readonly setUpMs: number; readonly summary: CallSummary }
  /** `reason` in the SDK's words. */
  | { readonly kind: CallKind; readonly is: 'failed'; readonly reason: string }
  /** No transport to the relay is open, so no call was attempted. */
  | { readonly kind: 'relayed'; readonly is: 'no-way'; readonly reason: string }
  /** The server does not offer this kind of call, or not to this person. */
  | { readonly kind: CallKind; readonly is: 'not-offered'; readonly reason: string }

export interface CallTestResult {
  readonly signalling: Signalling
  /** Undefined in reports from older versions. */
  readonly server?: ServerLook | undefined
  readonly publicAddress?: PublicAddress | undefined
  /** One entry per TURN address of the server; empty if it offers none. */
  readonly turn: readonly JudgedServer[]
  readonly calls: readonly CallResult[]
}
