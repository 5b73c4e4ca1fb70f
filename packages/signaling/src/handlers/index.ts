import type { RequestName } from '@parley/protocol'
import { requireTerm } from '../rights/term.ts'
import { iceServersFor } from '../sessions/session.ts'
import { boardHandlers } from './board.ts'
import type { Handler, Handlers } from './handler.ts'
import { peopleHandlers } from './people.ts'
import { roomHandlers } from './rooms.ts'

const serverHandlers: Handlers<'ice' | 'session'> = {
  'ice.servers'({ iceServers, session, now }) {
    requireTerm(session.term, now)
    return { iceServers: iceServersFor(session, iceServers, undefined, now) }
  },

  async 'session.renew'({ board, iceServers, authenticator, session, now }, { token }) {
    const pass = await authenticator.authenticate(token)
    board.sessions.renew(session, pass)
    return {
      token: pass.token,
      ...(pass.expiresAt !== undefined && { until: pass.expiresAt }),
      iceServers: iceServersFor(session, iceServers, undefined, now),
    }
  },
}

/** Every request of the protocol has its handler here, or this does not compile. */
export const handlers: { readonly [K in RequestName]: Handler<K> } = {
  ...roomHandlers,
  ...boardHandlers,
  ...peopleHandlers,
  ...serverHandlers,
}
