import type {
  EventName,
  EventPayload,
  Handshake,
  Reply,
  RequestInput,
  RequestName,
  RequestOutput,
} from '@parley/protocol'
import type { WireError } from '@parley/protocol/errors'
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

/** Why a link went down: the server said no, or the path broke. */
export type LinkDown = { readonly refused: WireError } | { readonly broken: unknown }

export interface LinkEvents {
  welcome(welcome: Welcome): void
  /** `place` is the event's place in the server's log. */
  event(name: string, payload: unknown, place: number | undefined): void
  /** The link polls, since no WebSocket opens; or no longer does. */
  polling(polls: boolean): void
  /** Once, at the end; not after `leave` or `drop`. */
  down(why: LinkDown): void
}

/** One attempt at a connection: opened once, up at most once, down once. */
export interface Link {
  /** Only between `welcome` and `down`; an answer may never come. */
  send(name: RequestName, input: unknown, answer: (reply: Reply) => void): void
  /** Goes for good: the server gives up the seat at once. */
  leave(): void
  /** Breaks off: the server keeps the seat for a while. */
  drop(): void
}

export type OpenLink = (auth: Handshake, events: LinkEvents) => Link
