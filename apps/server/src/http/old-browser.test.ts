import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'

const web = new URL('../../../web/', import.meta.url)
const script = readFileSync(new URL('public/old-browser.js', web), 'utf8')

/** Runs the script in a browser that has just what it asks for. */
function browser({ modules, drawn = 0 }: { modules: boolean; drawn?: number }) {
  const words = { hidden: true }
  const heard: Record<string, (event: object) => void> = {}
  const addEventListener = (name: string, listener: (event: object) => void) => {
    heard[name] = listener
  }
  const document = {
    addEventListener,
    createElement: () => (modules ? { noModule: false } : {}),
    getElementById: (id: string) => (id === 'root' ? { childNodes: { length: drawn } } : words),
  }
  runInNewContext(script, { document, window: { addEventListener } })
  heard.DOMContentLoaded?.({})
  return { words, fail: (message: string) => heard.error?.({ message }) }
}

it('a browser that cannot read the app is told so, in both languages; another one is not', () => {
  expect(browser({ modules: false }).words.hidden).toBe(false)
  const newer = browser({ modules: true })
  newer.fail('TypeError: x is undefined')
  expect(newer.words.hidden).toBe(true)
  newer.fail('Uncaught SyntaxError: Unexpected token')
  expect(newer.words.hidden).toBe(false)
  const running = browser({ modules: true, drawn: 1 })
  running.fail('Uncaught SyntaxError: of an extension')
  expect(running.words.hidden).toBe(true)
  const page = readFileSync(new URL('index.html', web), 'utf8')
  expect(page).toMatch(
    /<p id="old-browser" hidden>\s*This browser is too old.*update it[\s\S]*lang="zh-CN">这个浏览器太旧/,
  )
})
