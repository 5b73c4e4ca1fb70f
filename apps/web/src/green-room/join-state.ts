import type { ClientErrorCode } from '@parley/client'

/** How far joining has come. */
export type JoinState =
  | { readonly status: 'idle' }
  | { readonly status: 'joining' }
  | { readonly status: 'refused'; readonly code: ClientErrorCode }

const final: ReadonlySet<ClientErrorCode> = new Set([
  'room-private',
  'not-allowed',
  'unauthorized',
  'token-invalid',
  'token-expired',
])

/** Refusals that can be lifted or expire: the green room stays open, so that its button can be used to try again. */
const passing: ReadonlySet<ClientErrorCode> = new Set(['removed', 'network-barred'])

/** Whether the room is closed to this person for now, whatever they press. */
export function isClosed(code: ClientErrorCode): boolean {
  return final.has(code) || passing.has(code)
}

/** Whether a refusal gets a page of its own, because nothing in the green room can fix it. */
export function isFinal(code: ClientErrorCode): boolean {
  return final.has(code)
}
