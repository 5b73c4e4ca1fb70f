import { AppError, type Call, type CallMedia, type CallOutcome, type CallState } from '@parley/protocol'

export type Role = 'caller' | 'callee'

/** What people can say about a call. */
export type CallMessage = 'accept' | 'reject' | 'cancel' | 'hangup'

/** What can happen to a call without anybody saying so. */
export type CallIncident = 'timeout' | 'lost' | 'left'

interface Rule {
  readonly by: Role | 'either'
  readonly when: 'ringing' | 'accepted'
  readonly becomes: 'accepted' | CallOutcome
  /** Whether this message from this session has already taken effect. */
  repeated(state: CallState, session: string): boolean
}

const ended = (state: CallState, outcome: CallOutcome) => state.status === 'ended' && state.outcome === outcome

/** Who may say what, when, and what the call becomes. */
const rules: Record<CallMessage, Rule> = {
  accept: {
    by: 'callee',
    when: 'ringing',
    becomes: 'accepted',
    repeated: (state, session) => state.status === 'accepted' && state.calleeSession === session,
  },
  reject: { by: 'callee', when: 'ringing', becomes: 'rejected', repeated: state => ended(state, 'rejected') },
  cancel: { by: 'caller', when: 'ringing', becomes: 'cancelled', repeated: state => ended(state, 'cancelled') },
  hangup: { by: 'either', when: 'accepted', becomes: 'hung-up', repeated: state => state.status === 'ended' },
}

/** How an incident ends a call, by the state that it is in; without an entry it does not. */
export const incidents: Record<CallIncident, { readonly [S in CallState['status']]?: CallOutcome }> = {
  timeout: { ringing: 'no-answer' },
  lost: { ringing: 'peer-lost', accepted: 'peer-lost' },
  left: { ringing: 'cancelled', accepted: 'hung-up' },
}

/**
 * What a message makes of a call: `accepted`, an outcome, or undefined if it has already taken effect. Throws AppError
 * `call-state` if this role may not say it, or not in this state.
 */
export function judge(
  message: CallMessage,
  { state }: Call,
  role: Role,
  session: string,
): 'accepted' | CallOutcome | undefined {
  const rule = rules[message]
  if (rule.by !== 'either' && rule.by !== role) throw new AppError('call-state', `Only the ${rule.by} can do that.`)
  if (rule.repeated(state, session)) return undefined
  if (state.status !== rule.when) throw new AppError('call-state', `The call is ${describe(state)}.`)
  return rule.becomes
}

export function end(call: Call, outcome: CallOutcome, now: number, message?: string): Call {
  const durationMs = call.state.status === 'accepted' ? now - call.state.since : undefined
  return {
    ...call,
    state: {
      status: 'ended',
      outcome,
      ...(message ? { message } : {}),
      at: now,
      ...(durationMs === undefined ? {} : { durationMs: Math.max(0, durationMs) }),
    },
  }
}

export function accept(
  call: Call,
  answer: { room: string; media: CallMedia; callerSession: string; calleeSession: string },
  now: number,
): Call {
  return { ...call, state: { status: 'accepted', since: now, ...answer } }
}

function describe(state: CallState): string {
  if (state.status === 'ringing') return 'still ringing'
  return state.status === 'accepted' ? 'accepted already' : `over (${state.outcome})`
}
