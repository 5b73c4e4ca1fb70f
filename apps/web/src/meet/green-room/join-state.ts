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

/** Whether a refusal has a page of its own, since nothing in the green room mends it. */
export function isFinal(code: ClientErrorCode): boolean {
  return final.has(code)
}
