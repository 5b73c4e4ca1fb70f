// Pages with the SDK and nothing else, at a server whose rooms go through the SFU.
import { fewFrames, launchBrowser, openContext } from '@parley/testkit'
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Parley, startParley } from '../harness/parley.ts'
import { bundle } from './pages.ts'

export interface SdkStage {
  readonly parley: Parley
  /** A page of the server's origin with the SDK, in a profile of its own; `before` runs first of all. */
  open(before?: string): Promise<Page>
  /** Closes all pages, and fails if one of them had an error, or asked another server for anything. */
  clear(): Promise<void>
  close(): Promise<void>
}

export async function openSdkStage(): Promise<SdkStage> {
  const [script, parley, browser] = await Promise.all([
    bundle('packages/client/src/testing/session-page.ts'),
    startParley(),
    launchBrowser({ args: [fewFrames] }),
  ])
  let opened: { readonly context: BrowserContext; readonly page: Page; readonly outside: readonly string[] }[] = []
  return {
    parley,
    async open(before = '') {
      const { context, outside } = await openContext(browser, parley.url)
      await context.addInitScript(before + watchConnections + script)
      const page = await context.newPage()
      opened.push({ context, page, outside })
      await page.goto(`${parley.url}/healthz`)
      return page
    },
    async clear() {
      const closing = opened
      opened = []
      const errors = await Promise.all(closing.map(({ page }) => page.evaluate('errors')))
      for (const { context } of closing) await context.close()
      expect(errors.flat()).toEqual([])
      expect(closing.flatMap(({ outside }) => outside)).toEqual([])
    },
    async close() {
      await browser.close()
      await parley.close()
    },
  }
}

/** Counts negotiations in `negotiations`, keeps every connection in `connections`. */
const watchConnections = `
  globalThis.negotiations = 0
  globalThis.connections = []
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration) {
      super(configuration)
      connections.push(this)
      this.addEventListener('signalingstatechange', () => this.signalingState === 'stable' && negotiations++)
    }
  }
`

export function run<T = void>(page: Page, body: string): Promise<T> {
  return page.evaluate<T>(`(async () => { ${body} })()`)
}

/** Takes a seat: `session` and `room` in scripts. */
export async function enter(page: Page, room: string, { token = '', topology = 'sfu' } = {}): Promise<void> {
  const options = token ? `{ token: ${JSON.stringify(token)} }` : '{}'
  await run(
    page,
    `globalThis.session = await connect('/', ${options})
    globalThis.room = await session.join('${room}', { topology: '${topology}' })
    listen(room)`,
  )
}

export const publish = (page: Page) => run(page, 'await publish(room)')
export const sees = (page: Page) => run(page, 'await sees(room)')
