import type { Encoder, ErrorName, Message } from '@parley/stun'
import type { ClientFlow } from '../server/allocation.ts'

/** What a request leads to; `add` writes the attributes of the response, `after` is called when that has been sent. */
export type Answer =
  | { readonly ok: true; readonly add: (encoder: Encoder) => void; readonly after?: () => void }
  | { readonly ok: false; readonly error: ErrorName; readonly add?: (encoder: Encoder) => void }

/** An answer that has to wait for the system or for a peer. */
export interface Later {
  readonly later: (reply: (answer: Answer, now: number) => void) => void
}

/** Who asks, already proved. */
export interface Requester {
  readonly username: string
  /** Whom quotas count for. */
  readonly user: string
  readonly key: Uint8Array
}

export interface AuthenticatedRequest {
  readonly message: Message
  readonly flow: ClientFlow
  readonly requester: Requester
  readonly now: number
}

export const nothing = (): void => {}
export const done: Answer = { ok: true, add: nothing }

export function refuse(error: ErrorName): Answer {
  return { ok: false, error }
}
