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
   * Sent before everything that waits, and if the connection is lost, fails with `unreachable` instead of being sent again. For
   * requests that every new connection makes anyway.
   */
  readonly urgent?: boolean
  /** Called with the answer before the next event is handled; the promise resolves later. */
  readonly onValue?: (value: RequestOutput<K>) => void
}

/** What rooms and calls need from a connection. */
export interface Signalling {
  /**
   * Resolves with the server's answer. If the connection is lost, the request is sent again, which is safe for all of them.
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

/** Why a link went down: the server refused it, or it broke. */
export type LinkDown = { readonly refused: WireError } | { readonly broken: unknown }

export interface LinkEvents {
  welcome(welcome: Welcome): void
  /** `place` is the event's place in the server's log. */
  event(name: string, payload: unknown, place: number | undefined): void
  /** Whether the link uses long polling, because no WebSocket opens. */
  polling(polls: boolean): void
  /** Called once, at the end, but not after `leave` or `drop`. */
  down(why: LinkDown): void
}

/** One attempt at a connection: it is opened once, comes up at most once, and goes down once. */
export interface Link {
  /** Only between `welcome` and `down`; an answer may never come. */
  send(name: RequestName, input: unknown, answer: (reply: Reply) => void): void
  /** Leaves for good: the server ends the session at once. */
  leave(): void
  /** Breaks the connection: the server keeps the session for a while. */
  drop(): void
}

export type OpenLink = (auth: Handshake, events: LinkEvents) => Link
