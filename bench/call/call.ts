import { openContext } from '@parley/testkit'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { helpers, type Mark, trace } from './trace.ts'

/** What both sides did during one call. */
export interface CallTrace {
  readonly caller: readonly Mark[]
  readonly callee: readonly Mark[]
}

/** Longer than any successful call takes. */
const patienceMs = 15_000

/**
 * Two people with fresh browser profiles: one calls, the other accepts with a click, both see each other.
 * @param round Makes their names differ from those of the previous round, who are still listed for a while.
 */
export async function call(browser: Browser, url: string, round: number): Promise<CallTrace> {
  const caller = await openHome(browser, url, `Ann ${round}`)
  const callee = await openHome(browser, url, `Ben ${round}`)
  await caller.page.getByRole('button', { name: `Video call with Ben ${round}`, exact: true }).click()
  await until(caller.page, 'getUserMedia done')
  await callee.page.getByRole('button', { name: /^accept$/i }).click()
  const traces = { caller: await until(caller.page, 'first frame'), callee: await until(callee.page, 'first frame') }
  await Promise.all([caller.context.close(), callee.context.close()])
  return traces
}

async function openHome(browser: Browser, url: string, name: string): Promise<{ page: Page; context: BrowserContext }> {
  const { context } = await openContext(browser, url, { serviceWorkers: 'block', paints: true })
  await context.addInitScript(helpers)
  await context.addInitScript(trace)
  const page = await context.newPage()
  await page.goto(url)
  const field = page.getByRole('textbox', { name: /your name/i })
  await field.fill(name)
  await field.blur()
  return { page, context }
}

/** Waits for a step and returns all steps so far, without that step if it did not come. */
export async function until(page: Page, step: string): Promise<readonly Mark[]> {
  try {
    await page.waitForFunction(
      step => (Reflect.get(globalThis, '__marks') as readonly Mark[]).some(({ what }) => what === step),
      step,
      { timeout: patienceMs },
    )
  } catch (error) {
    if (!(error instanceof Error && error.name === 'TimeoutError')) throw error
  }
  return page.evaluate(() => Reflect.get(globalThis, '__marks') as readonly Mark[])
}
