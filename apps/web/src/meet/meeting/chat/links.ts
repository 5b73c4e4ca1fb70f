import { tokenize } from 'linkifyjs'

export type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }

const safe = new Set(['http:', 'https:', 'mailto:'])

/** Splits what somebody wrote into text and links. Only web and mail addresses become links; all else stays text. */
export function tokens(text: string): Token[] {
  return tokenize(text).map(token => {
    const shown = token.toString()
    const href = token.isLink ? safeHref(token.toHref('https')) : undefined
    return href === undefined ? { kind: 'text', text: shown } : { kind: 'link', text: shown, href }
  })
}

function safeHref(href: string): string | undefined {
  const url = URL.canParse(href) ? new URL(href) : undefined
  return url && safe.has(url.protocol) ? url.href : undefined
}
