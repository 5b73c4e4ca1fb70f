import { AppError, type Call, type Person } from '@parley/protocol'
import type { CallDetails } from '../calls/calls.ts'
import type { CallMessage } from '../calls/rules.ts'
import { requireTerm } from '../rights/term.ts'
import { nameless, type Session } from '../sessions/session.ts'
import type { Context, Handlers } from './handler.ts'

/** Presence and calls. A token for one room allows none of it. */
export const peopleHandlers: Handlers<'presence' | 'call'> = {
  'presence.set'({ board, session, now }, { status, name }) {
    requireUnrestricted(session)
    if (status !== 'offline') requireTerm(session.term, now)
    if (name !== undefined && !session.named) session.name = name
    board.presence.set(session.id, person(session), status, now)
    return {}
  },

  'presence.watch'({ board, session, now }, { watch }) {
    requireUnrestricted(session)
    if (watch) requireTerm(session.term, now)
    if (watch) board.outbox.subscribe(session.id, 'watchers')
    else board.outbox.unsubscribe(session.id, 'watchers')
    return { people: board.presence.others(session.identity) }
  },

  'call.invite'({ board, session, now }, { call, to, media }) {
    requireUnrestricted(session)
    requireTerm(session.term, now)
    return board.invite(
      { id: call, media, caller: { ...person(session), session: session.id }, to },
      session.source,
      now,
    )
  },

  'call.accept'(context, { call, media }) {
    requireTerm(context.session.term, context.now)
    return say(context, 'accept', call, { media })
  },
  'call.reject': (context, { call, message }) =>
    say(context, 'reject', call, context.session.grants.chat ? { message } : {}),
  'call.cancel': (context, { call }) => say(context, 'cancel', call),
  'call.hangup': (context, { call }) => say(context, 'hangup', call),
}

function say({ board, session, now }: Context, message: CallMessage, id: string, details?: CallDetails): Call {
  requireUnrestricted(session)
  return board.calls.say(message, id, { identity: session.identity, session: session.id }, now, details)
}

function requireUnrestricted(session: Session): void {
  if (session.onlyRoom !== undefined) throw new AppError('not-allowed', 'The token opens one room and nothing else.')
}

function person({ identity, name = nameless }: Session): Person {
  return { identity, name }
}
