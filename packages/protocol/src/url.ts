/**
 * An address, or undefined for what is none. `URL.canParse` says so too, in browsers from 2023 on.
 * Nothing here needs zod.
 */
export function parseUrl(text: string | URL, base?: string): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined // That is the answer.
  }
}
