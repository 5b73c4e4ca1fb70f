import type { ClientErrorCode } from '@parley/client'

/** How far joining has come. */
export type JoinState =
  | { readonly status: 'idle' }
  | { readonly status: 'joining' }
  | { readonly status: 'refused'; readonly code: ClientErrorCode }

/** Refusals that have a page of their own, since nothing in the green room mends them. */
export const finalRefusals = ['room-private', 'not-allowed', 'unauthorized', 'token-invalid', 'token-expired'] as const
export type FinalRefusal = (typeof finalRefusals)[number]

export function finalRefusal(code: ClientErrorCode): FinalRefusal | undefined {
  return finalRefusals.find(known => known === code)
}
