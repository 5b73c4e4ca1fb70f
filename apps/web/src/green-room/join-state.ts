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

/** Until somebody lifts it, or for a while: the green room stays, and its button is the way to try again. */
const passing: ReadonlySet<ClientErrorCode> = new Set(['removed', 'network-barred'])

/** Whether the room is closed to this person, whatever they press. */
export function isClosed(code: ClientErrorCode): boolean {
  return final.has(code) || passing.has(code)
}

/** Whether a refusal has a page of its own, since nothing in the green room mends it. */
export function isFinal(code: ClientErrorCode): boolean {
  return final.has(code)
}
