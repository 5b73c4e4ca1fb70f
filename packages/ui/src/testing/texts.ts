import { describe, expect, it } from 'vitest'

type Texts = Readonly<Record<string, string>>

const holes = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map(match => match[1]).sort()

/** Tests that a translation says everything that the English texts say, with the same holes. */
export function describeTranslation(area: string, en: Texts, zh: Texts): void {
  describe(`the texts of ${area}`, () => {
    it('say the same with the same holes in both languages', () => {
      for (const [key, text] of Object.entries(zh)) {
        const original = en[key]
        expect(original, key).toBeTypeOf('string')
        expect(holes(text), key).toEqual(holes(original ?? ''))
      }
    })

    it('are complete', () => {
      const missing = Object.keys(en).filter(key => !key.endsWith('_one') && !zh[key]?.trim())
      expect(missing).toEqual([])
    })
  })
}

/**
 * The keys that no source names: neither as a whole, nor by a template such as `status.${status}`. `nameOf` says what is to
 * be looked for where code puts the rest of a key to it.
 */
export function unusedKeys(texts: Texts, sources: readonly string[], nameOf = (key: string) => key): readonly string[] {
  const code = sources.join('\n')
  const quoted = new Set(
    [...code.matchAll(/['"](?:\w+:)?([\w. -]+)['"]/g), ...code.matchAll(/^ *(\w+):/gm)].map(([, name]) => name),
  )
  const templates = [...code.matchAll(/[`:]([\w.-]*)\$\{[^{}]*\}((?:[\w.-]|\$\{[^{}]*\})*)/g)]
    .map(([, start = '', rest = '']) => [start, rest.replace(/\$\{[^{}]*\}/g, '*')])
    .filter(parts => /\w/.test(parts.join('')))
    .map(([start, rest]) => new RegExp(`^${escaped(`${start}*${rest}`)}$`))
  const keys = Object.keys(texts).map(key => key.replace(/_(one|other)$/, ''))
  const isNamed = (name: string) => quoted.has(name) || templates.some(template => template.test(name))
  return [...new Set(keys)].filter(key => !isNamed(nameOf(key)))
}

const escaped = (text: string) => text.replaceAll('.', '\\.').replaceAll('*', '.+')

/** The namespaces that sources take texts from, `common` but for where it is named. */
export function namespacesIn(sources: readonly string[]): ReadonlySet<string> {
  const code = sources.join('\n')
  const named = [...code.matchAll(/useTranslation\('(\w+)'\)/g), ...code.matchAll(/\bt\(['`](\w+):/g)]
  return new Set(named.flatMap(([, name]) => name ?? []))
}
