import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'

const root = new URL('../../../../', import.meta.url)
const script = readFileSync(new URL('packages/ui/public/old-browser.js', root), 'utf8')

/** Runs the script in a browser that has exactly the features that the script asks for. */
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

it('a browser that cannot read the app is told so; another one is not', () => {
  expect(browser({ modules: false }).words.hidden).toBe(false)
  const newer = browser({ modules: true })
  newer.fail('TypeError: x is undefined')
  expect(newer.words.hidden).toBe(true)
  newer.fail('Uncaught SyntaxError: Unexpected token')
  expect(newer.words.hidden).toBe(false)
  const running = browser({ modules: true, drawn: 1 })
  running.fail('Uncaught SyntaxError: of an extension')
  expect(running.words.hidden).toBe(true)
})

it.each(['web', 'lab'])('the page of apps/%s has the words in both languages', app => {
  const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
  expect(read(`apps/${app}/index.html`)).toMatch(/<!-- head -->[\s\S]*<body>\s*<!-- body -->/)
  expect(read('packages/ui/html/head.html')).toContain('<script src="/old-browser.js"></script>')
  expect(read('packages/ui/html/body.html')).toMatch(
    /<p id="old-browser" hidden>\s*This browser is too old.*update it[\s\S]*lang="zh-CN">这个浏览器太旧/,
  )
})
