import { parseUrl } from '@parley/protocol/url'
import { tokenize } from 'linkifyjs'

export type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }

const safe = new Set(['http:', 'https:', 'mailto:'])

/** The longest word given to linkify, in characters, because its running time grows with the square of the length. */
const longestWord = 200

/** Splits a message into text and links. Only web and mail addresses become links; everything else stays text. */
export function tokens(text: string): Token[] {
  const found: Token[] = []
  for (const word of text.split(/(\s+)/)) {
    for (const token of word.length > longestWord ? longWord(word) : shortWord(word)) {
      const last = found.at(-1)
      if (token.kind === 'text' && last?.kind === 'text')
        found[found.length - 1] = { kind: 'text', text: last.text + token.text }
      else if (token.text !== '') found.push(token)
    }
  }
  return found
}

function shortWord(word: string): Token[] {
  if (!/[.:@]/.test(word)) return [{ kind: 'text', text: word }]
  return tokenize(word).map(token => linkOr(token.toString(), token.isLink ? token.toHref('https') : undefined))
}

/** Too long for linkify, so it counts as a link only if it begins with http:// or https://. */
function longWord(word: string): Token[] {
  const start = /^[("'<[{]{0,3}(?=https?:\/\/)/i.exec(word)?.[0].length
  if (start === undefined) return [{ kind: 'text', text: word }]
  let end = word.length
  while (`.,;:!?)"'>]}`.includes(word.charAt(end - 1))) end--
  const address = word.slice(start, end)
  return [
    { kind: 'text', text: word.slice(0, start) },
    linkOr(address, address),
    { kind: 'text', text: word.slice(end) },
  ]
}

function linkOr(text: string, address: string | undefined): Token {
  const href = address === undefined ? undefined : safeHref(address)
  return href === undefined ? { kind: 'text', text } : { kind: 'link', text, href }
}

function safeHref(href: string): string | undefined {
  const url = parseUrl(href)
  return url && safe.has(url.protocol) ? url.href : undefined
}
