import { Internet, openContext } from '@parley/testkit'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Seen } from '../../packages/client/src/testing/watching-page.ts'
import { bundle } from '../client/pages.ts'
import { type BrowserOnHost, browserOn } from '../nat/caller.ts'
import { type ParleyOnHost, startParleyOn } from '../nat/parley-on.ts'

/** More than all layers take together, and less than the largest takes; kbit/s. */
const ample = 20_000
const thin = 300

describe.skipIf(process.getuid?.() !== 0)('a line that becomes thin (needs root)', () => {
  const open: { close(): Promise<unknown> }[] = []
  let internet: Internet
  let parley: ParleyOnHost
  let script: string

  beforeAll(async () => {
    script = await bundle('packages/client/src/testing/watching-page.ts')
    internet = await Internet.create()
    open.push(internet)
    parley = await startParleyOn(await internet.publicHost('server'), ['--topology', 'sfu'])
    open.push(parley)
  })
  afterAll(async () => {
    for (const thing of open.reverse()) await thing.close()
  })

  async function pageOn({ browser }: BrowserOnHost): Promise<Page> {
    const { context } = await openContext(browser, parley.url, { viewport: { width: 1280, height: 720 } })
    await context.addInitScript(script)
    const page = await context.newPage()
    await page.goto(`${parley.url}/healthz`)
    return page
  }

  const seen = (page: Page) => page.evaluate<Seen>('seen()')
  const height = async (page: Page) => (await seen(page)).height
  const moves = async (page: Page, more: number) => {
    const { frames } = await seen(page)
    await expect.poll(async () => (await seen(page)).frames).toBeGreaterThan(frames + more)
  }

  it('is sent a smaller picture that moves, and the large one when it is wide again; nobody else is sent less', async () => {
    const line = await internet.publicHost('ann')
    const browsers = await Promise.all([browserOn(line), browserOn(await internet.publicHost('bob'))])
    open.push(...browsers)
    const [ann, bob] = browsers
    const [sender, watcher, other] = await Promise.all([pageOn(bob), pageOn(ann), pageOn(bob)])
    await sender.evaluate(`send('thin', 'sfu')`)
    await Promise.all([watcher, other].map(page => page.evaluate(`watch('thin', 'sfu')`)))
    await internet.narrow(line, ample)
    await Promise.all([watcher, other].map(page => expect.poll(() => height(page)).toBe(720)))

    await internet.narrow(line, thin)
    await expect.poll(() => height(watcher)).toBeLessThan(720)
    await moves(watcher, 20)
    expect(await height(watcher)).toBeLessThan(720)
    expect(await height(other)).toBe(720)

    await internet.narrow(line, ample)
    await expect.poll(() => height(watcher)).toBe(720)
    await moves(watcher, 20)
  })
})
