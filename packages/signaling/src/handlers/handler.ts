import type { RequestInput, RequestName, RequestOutput } from '@parley/protocol'
import type { Authenticator, IceServerSource } from '../ports.ts'
import type { Session } from '../sessions/session.ts'
import type { Switchboard } from '../switchboard.ts'

/** What a handler is given besides its input. */
export interface Context {
  readonly board: Switchboard
  readonly iceServers: IceServerSource
  readonly authenticator: Authenticator
  /** The session that sent the request. */
  readonly session: Session
  /** ms since 1970. */
  readonly now: number
}

/** Does what a request asks and returns the answer; a promise where a token has to be verified. Throws AppError. */
export type Handler<K extends RequestName> = (context: Context, input: RequestInput<K>) => Answer<K>

type Answer<K extends RequestName> = K extends 'session.renew' ? Promise<RequestOutput<K>> : RequestOutput<K>

/** The handlers whose names begin with one of `Prefix`. */
export type Handlers<Prefix extends string> = {
  readonly [K in Extract<RequestName, `${Prefix}.${string}`>]: Handler<K>
}
