import {
  AppError,
  explain,
  type Reply,
  type RequestInput,
  type RequestName,
  type RequestOutput,
  requests,
} from '@parley/protocol'
import type { Context } from './handlers/handler.ts'
import { handlers } from './handlers/index.ts'
import { isTooComplex } from './message-complexity.ts'
import type { Observer } from './ports.ts'
import type { Budgets } from './sessions/session.ts'

/** Requests that also use a budget of their own. */
const extraBudget: { readonly [K in RequestName]?: Exclude<keyof Budgets, 'costs'> } = {
  'chat.send': 'chat',
  'reaction.send': 'chat',
  'board.point': 'cursors',
  'call.invite': 'invites',
}

/**
 * The one door for requests. Refuses what does not parse, what comes too fast, and clients that have caused too much. Charges
 * the session for the events that a request causes; the caller charges it for the answer. Never throws.
 * @param input As received.
 */
export function answer(context: Context, name: unknown, input: unknown, observer: Observer): Reply | Promise<Reply> {
  const known = isRequestName(name) ? name : undefined
  const { board, session, now } = context
  const refuse = (error: unknown): Reply => {
    const refusal = error instanceof AppError ? error : new AppError('internal', undefined, { cause: error })
    if (refusal.code === 'internal') observer.error(error)
    observer.request(known ?? 'unknown', refusal.code)
    return { ok: false, error: refusal.toJSON() }
  }
  try {
    if (!session.budgets.requests.take(now) || !board.spending.may(session, now)) throw new AppError('rate-limited')
    if (!known) throw new AppError('bad-request', 'There is no such request.')
    const grant = (value: RequestOutput<RequestName>): Reply => {
      observer.request(known, 'ok')
      return { ok: true, value }
    }
    const value = board.cause(session, now, () => handle(known, context, input))
    return value instanceof Promise ? value.then(grant, refuse) : grant(value)
  } catch (error) {
    return refuse(error)
  }
}

function handle<K extends RequestName>(name: K, context: Context, raw: unknown) {
  const extra = extraBudget[name]
  if (extra && !context.session.budgets[extra].take(context.now)) throw new AppError('rate-limited')
  if (isTooComplex(raw)) throw new AppError('bad-request', 'The message has too many parts.')
  const parsed = requests[name].input.safeParse(raw)
  if (!parsed.success) throw new AppError('bad-request', explain(parsed.error))
  return handlers[name](context, parsed.data as RequestInput<K>)
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(requests, name)
}
