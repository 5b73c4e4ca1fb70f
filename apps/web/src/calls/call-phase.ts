import type { CallHandle, Room } from '@parley/client'
import type { CallOutcome, Person } from '@parley/protocol'

/** The state of a call as this tab sees it. */
export type CallPhase =
  | { readonly phase: 'incoming' }
  | { readonly phase: 'outgoing' }
  /** Accepted; the room is being joined. */
  | { readonly phase: 'connecting' }
  | { readonly phase: 'connected'; readonly room: Room }
  /** Accepted in another tab or on another device. */
  | { readonly phase: 'elsewhere' }
  | {
      readonly phase: 'over'
      readonly outcome: CallOutcome
      readonly message: string | undefined
      /** Undefined if it was never accepted. */
      readonly durationMs: number | undefined
    }

export type CallView = Pick<CallHandle, 'call' | 'direction' | 'answeredElsewhere'>

/** The phase to show for a call; `room` is given if it was joined in this tab. */
export function phaseOf({ call, direction, answeredElsewhere }: CallView, room: Room | undefined): CallPhase {
  const { state } = call
  if (state.status === 'ended') {
    return { phase: 'over', outcome: state.outcome, message: state.message, durationMs: state.durationMs }
  }
  if (answeredElsewhere) return { phase: 'elsewhere' }
  if (state.status === 'ringing') return { phase: direction }
  return room ? { phase: 'connected', room } : { phase: 'connecting' }
}

/** The person at the other end. */
export function otherOf({ call, direction }: Pick<CallView, 'call' | 'direction'>): Person {
  return direction === 'outgoing' ? call.callee : call.caller
}

/** A duration in clock format: 0:07, 12:30, 1:02:03. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
