/**
 * Parses an address; undefined if it is not one. (`URL.parse` is missing in browsers before 2024.)
 * This file does not need zod.
 */
export function parseUrl(text: string | URL, base?: string): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined // Not an address, which is what the caller asks.
  }
}
