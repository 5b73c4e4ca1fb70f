import { limits } from '@parley/protocol/limits'
import { visibleText } from '@parley/protocol/text'

/** A display name as the server accepts it: visible characters only, within the limit; empty if none are left. */
export function cleanName(text: string): string {
  const shown = visibleText(text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, ''))
  const cut = shown.slice(0, limits.displayNameChars).replace(/[\ud800-\udbff]$/, '') // Not half a surrogate pair.
  return visibleText(cut)
}
