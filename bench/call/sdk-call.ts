import { fileURLToPath } from 'node:url'
import { openContext } from '@parley/testkit'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { type CallTrace, until } from './call.ts'
import type { Person } from './sdk-page.ts'
import { helpers, trace } from './trace.ts'

/** What the page's script puts on `window`. */
interface PersonPage {
  openPerson(name: string): Promise<Person>
  person: Person
}

const script = await bundle()

/** The same call between two pages that have the SDK and no app around it, with tracks at hand. */
export async function sdkCall(browser: Browser, url: string, round: number): Promise<CallTrace> {
  const caller = await openPage(browser, url, `Ann ${round}`)
  const callee = await openPage(browser, url, `Ben ${round}`)
  await caller.page.evaluate(identity => {
    void (globalThis as unknown as PersonPage).person.call(identity)
  }, callee.identity)
  await callee.page.getByRole('button', { name: 'Accept' }).click()
  const traces = { caller: await until(caller.page, 'first frame'), callee: await until(callee.page, 'first frame') }
  await Promise.all([caller.page.context().close(), callee.page.context().close()])
  return traces
}

async function openPage(browser: Browser, url: string, name: string): Promise<{ page: Page; identity: string }> {
  const { context } = await openContext(browser, url, { paints: true })
  await context.addInitScript(helpers)
  await context.addInitScript(trace)
  await context.addInitScript(script)
  const page = await context.newPage()
  await page.goto(`${url}/healthz`)
  const identity = await page.evaluate(async name => {
    const page = globalThis as unknown as PersonPage
    page.person = await page.openPerson(name)
    return page.person.identity
  }, name)
  return { page, identity }
}

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('sdk-page.ts', import.meta.url))
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
  })
  return outputFiles[0]?.text ?? ''
}
