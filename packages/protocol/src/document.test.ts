import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { document } from './document.ts'
import { errorCodes, events, requests } from './index.ts'

const text = document()

test('docs/protocol.md is what the tables say; to renew it: npx tsx packages/protocol/write-docs.ts', () => {
  expect(readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8')).toBe(text)
})

test.each([...Object.keys(requests), ...Object.keys(events)])('%s has its section', name => {
  expect(text).toContain(`\n### \`${name}\`\n`)
})

test.each(Object.keys(errorCodes))('%s is explained', code => {
  expect(text).toContain(`\n| \`${code}\` | `)
})

test('every link leads somewhere', () => {
  const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  )
  expect(new Set(anchors).size).toBe(anchors.length)
  for (const [, target] of text.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(target)
})
