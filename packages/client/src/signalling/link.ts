import type { Handshake, Reply, RequestName } from '@parley/protocol'
import type { WireError } from '@parley/protocol/errors'
import type { Welcome } from './port.ts'

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
