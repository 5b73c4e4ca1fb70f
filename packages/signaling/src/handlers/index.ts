import type { RequestName } from '@parley/protocol'
import type { Handler, Handlers } from './handler.ts'
import { peopleHandlers } from './people.ts'
import { roomHandlers } from './rooms.ts'

const serverHandlers: Handlers<'ice'> = {
  'ice.servers': ({ iceServers, session }) => ({ iceServers: [...iceServers.iceServers(session.identity)] }),
}

/** Every request of the protocol has its handler here, or this does not compile. */
export const handlers: { readonly [K in RequestName]: Handler<K> } = {
  ...roomHandlers,
  ...peopleHandlers,
  ...serverHandlers,
}
