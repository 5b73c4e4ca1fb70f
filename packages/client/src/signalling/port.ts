import type { EventName, EventPayload, RequestInput, RequestName, RequestOutput } from '@parley/protocol'
import type { Unsubscribe } from '../types.ts'

export interface RequestOptions<K extends RequestName> {
  /**
   * Goes before everything that waits, and fails with `unreachable` when the connection is lost, instead of being sent
   * again: for what every new connection asks anew.
   */
  readonly urgent?: boolean
  /** Called with the answer before the next event is looked at; the promise tells later. */
  readonly onValue?: (value: RequestOutput<K>) => void
}

/** What rooms and calls need of a connection. */
export interface Signalling {
  /**
   * Resolves with the server's answer. After a lost connection it is sent again: every request may be.
   * @throws {ParleyError} the server's code, `timeout`, or `closed` with the session.
   */
  request<K extends RequestName>(
    name: K,
    input: RequestInput<K>,
    options?: RequestOptions<K>,
  ): Promise<RequestOutput<K>>
  on<K extends EventName>(event: K, listener: (payload: EventPayload<K>) => void): Unsubscribe
}

export type Welcome = EventPayload<'welcome'>
