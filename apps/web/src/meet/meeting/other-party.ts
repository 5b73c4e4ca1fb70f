import type { CallHandle } from '@parley/client'
import type { Person } from '@parley/protocol'

/** The person at the other end of a call. */
export function otherParty({ call, direction }: CallHandle): Person {
  return direction === 'incoming' ? call.caller : call.callee
}
