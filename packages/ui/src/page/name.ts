import { limits } from '@parley/protocol/limits'
import { visibleText } from '@parley/protocol/text'

/** A display name as the server takes it: what can be seen of it, not too long; empty if that is nothing. */
export function cleanName(text: string): string {
  const shown = visibleText(text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, ''))
  const cut = shown.slice(0, limits.displayNameChars).replace(/[\ud800-\udbff]$/, '') // Half of a character that was cut in two.
  return visibleText(cut)
}
