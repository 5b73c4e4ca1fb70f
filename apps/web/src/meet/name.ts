import { limits } from '@parley/protocol/limits'

/** A display name as the server takes it: no control or direction characters, no space around it, not too long. */
export function cleanName(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim()
    .slice(0, limits.displayNameChars)
    .replace(/[\ud800-\udbff]$/, '') // Half of a character that was cut in two.
    .trim()
}
