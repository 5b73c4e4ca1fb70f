import { cpuMs } from '@parley/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokens } from './links.ts'

function links(text: string): string[] {
  return tokens(text).flatMap(token => (token.kind === 'link' ? [token.href] : []))
}

describe('tokens', () => {
  it('finds addresses and keeps the text around them', () => {
    expect(tokens('see https://example.org/a?b=c, ok')).toEqual([
      { kind: 'text', text: 'see ' },
      { kind: 'link', text: 'https://example.org/a?b=c', href: 'https://example.org/a?b=c' },
      { kind: 'text', text: ', ok' },
    ])
    expect(links('www.example.org')).toEqual(['https://www.example.org/'])
    expect(links('mail ann@example.org')).toEqual(['mailto:ann@example.org'])
  })

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//example.org',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'ftp://example.org/x',
    'blob:https://evil/1',
  ])('makes no link of %s that does anything but open the web or a mail', text => {
    for (const href of links(text)) expect(href).toMatch(/^(https?:|mailto:)/)
  })

  it('treats HTML as what it is: text', () => {
    const text = '<img src=x onerror=alert(1)> <b>bold</b> &lt;'
    expect(tokens(text)).toEqual([{ kind: 'text', text }])
    const disguised = tokens('<a href="javascript:alert(1)"> https://example.org </a>')
    expect(disguised.map(token => token.kind)).toEqual(['text', 'link', 'text'])
    expect(disguised[1]).toMatchObject({ href: 'https://example.org/' })
  })

  it('loses and adds nothing, and links only to the web and mail, whatever is written', () => {
    const scraps = fc.constantFrom(
      'javascript:',
      'https://',
      'a.com',
      '<',
      '>',
      '"',
      "'",
      '@',
      ' ',
      'data:',
      '://',
      '\n',
      '%0a',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(scraps, fc.string()), { maxLength: 12 }), pieces => {
        const text = pieces.join('')
        const found = tokens(text)
        expect(found.map(token => token.text).join('')).toBe(text)
        for (const token of found) if (token.kind === 'link') expect(token.href).toMatch(/^(https?:|mailto:)/)
      }),
    )
  })

  it('knows a long address by how it begins, and the marks around it', () => {
    const long = `https://example.org/${'a1-'.repeat(300)}end`
    expect(tokens(`(${long}). Next`)).toEqual([
      { kind: 'text', text: '(' },
      { kind: 'link', text: long, href: long },
      { kind: 'text', text: '). Next' },
    ])
    expect(links('a'.repeat(300))).toEqual([])
    expect(links(`https://${'!'.repeat(300)}`)).toEqual([])
  })

  it.each(['a.', 'a@', '(', 'a.com/(', 'http://', 'a-', '@a.', 'http://a.b(', 'a.a@a.', '[', '.', 'a.com ', 'é.'])(
    'takes no more time for “%s” again and again than a message is worth',
    piece => {
      // Longer than any message, where a square would show: 16 times the time for four times the text.
      const cost = (chars: number) => {
        const text = piece.repeat(chars / piece.length)
        return Math.min(...[1, 2, 3].map(() => cpuMs(() => tokens(text))))
      }
      cost(4_000)
      // Now and then the engine compiles and collects garbage: what is slow by itself is slow every time.
      let tries = 1
      while (cost(64_000) >= 10 * cost(16_000) + 20) expect(tries++).toBeLessThan(10)
    },
  )
})
