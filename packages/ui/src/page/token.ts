import { load, save, sessionStorageOrUndefined } from './storage.ts'

const guestKey = 'parley.guest-token'
const tokenKey = 'parley.token'

/** Splits `#token=…` out of a URL fragment; the rest stays. */
export function splitToken(fragment: string): { readonly token: string | undefined; readonly rest: string } {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''))
  const token = fields.get('token') || undefined
  fields.delete('token')
  const rest = fields.toString()
  return { token, rest: rest && `#${rest}` }
}

/**
 * The access token this tab was opened with. It is removed from the address bar at once, so that it is not shared or
 * bookmarked by mistake, and kept for this tab, so that a reload works.
 */
export function takeAccessToken(): string | undefined {
  return takeAddressToken() ?? asToken(load(tokenKey, sessionStorageOrUndefined()))
}

/** The token in the address bar, if any; removes it from there and keeps it for this tab. */
export function takeAddressToken(): string | undefined {
  const { token, rest } = splitToken(location.hash)
  if (token === undefined) return undefined
  history.replaceState(history.state, '', location.pathname + location.search + rest)
  keepAccessToken(token)
  return token
}

/** Makes this the tab's token from now on. */
export function keepAccessToken(token: string): void {
  save(tokenKey, token, sessionStorageOrUndefined())
}

/** The token that the server issued to this browser in open mode, so that every tab is the same person. */
export const guestToken = {
  load: () => asToken(load(guestKey)),
  save: (token: string | undefined) => save(guestKey, token),
}

const asToken = (stored: unknown) => (typeof stored === 'string' && stored !== '' ? stored : undefined)
