import { fewFrames, type InsideHost, Internet, launchBrowser, type NatKind, openContext } from '@parley/testkit'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage } from '../harness/stage.ts'
import { type BrowserOnHost, browserOn } from '../nat/caller.ts'
import { type ParleyOnHost, startParleyOn } from '../nat/parley-on.ts'
import { expectVerdict, openPeerConnections } from './looks.ts'

const run = (page: Page) => page.getByRole('button', { name: 'Run', exact: true }).click()
const answer = (page: Page, row: string) => page.locator(`[data-nat=${row}]`).getAttribute('data-value')

describe.skipIf(process.getuid?.() !== 0)('behind real NATs (needs root)', () => {
  let internet: Internet
  let parley: ParleyOnHost
  let other: ParleyOnHost
  let annAt: InsideHost
  let ann: BrowserOnHost
  let second: string

  beforeAll(async () => {
    internet = await Internet.create()
    const server = await internet.publicHost('server')
    const elsewhere = await internet.publicHost('elsewhere')
    second = `stun:${elsewhere.addresses[0]}:3478`
    annAt = await internet.natHost('ann', 'full-cone')
    parley = await startParleyOn(server, ['--turn-allow-peer', '203.0.113.0/24'])
    other = await startParleyOn(elsewhere, [])
    ann = await browserOn(annAt)
  })
  afterAll(async () => {
    await ann?.close()
    await parley?.close()
    await other?.close()
    await internet?.close()
  })

  async function open(kind: NatKind, path: string): Promise<Page> {
    await annAt.setNat(kind)
    const { context } = await openContext(ann.browser, parley.url, { locale: 'en-US', serviceWorkers: 'block' })
    const page = await context.newPage()
    await page.goto(`${parley.url}/lab/${path}`)
    await page.waitForFunction(() => localStorage.getItem('parley.guest-token') !== null)
    await run(page)
    await page.locator('[data-verdict]').waitFor()
    return page
  }

  it('a full cone: one mapping for all, and what was not asked for gets in', async () => {
    const page = await open('full-cone', `nat#second=${encodeURIComponent(second)}`)
    await expect.poll(() => answer(page, 'mapping')).toBe('endpoint-independent')
    // From another port of the same address: how much more gets in, one address cannot tell.
    expect(await answer(page, 'filtering')).toBeNull()
    await page.getByText('what came from another port of the server got in').waitFor()
    await expect.poll(() => answer(page, 'calls')).toBe('direct with most')
    await page.context().close()
  })

  it('a port-restricted cone has its name', async () => {
    const page = await open('port-restricted', `nat#second=${encodeURIComponent(second)}`)
    await expect.poll(() => answer(page, 'mapping')).toBe('endpoint-independent')
    await expect.poll(() => answer(page, 'filtering')).toBe('address-and-port-dependent')
    await expect.poll(() => answer(page, 'classic')).toBe('port-restricted cone')
    await expect.poll(() => answer(page, 'calls')).toBe('direct with most')
    await page.context().close()
  })

  it('the same with the server’s one address alone: direct calls are likely', async () => {
    const page = await open('port-restricted', 'nat')
    expect(await answer(page, 'mapping')).toBeNull()
    await expect.poll(() => answer(page, 'filtering')).toBe('address-and-port-dependent')
    await expect.poll(() => answer(page, 'calls')).toBe('direct with most')
    await expectVerdict(page, 'pass')
    await page.context().close()
  })

  it('a symmetric NAT has its name, with the server’s one address alone', async () => {
    const page = await open('symmetric', 'nat')
    await expect.poll(() => answer(page, 'mapping')).toBe('address-and-port-dependent')
    await expect.poll(() => answer(page, 'classic')).toBe('symmetric')
    await expect.poll(() => answer(page, 'calls')).toBe('relay needed')
    await expectVerdict(page, 'warn')
    await page.locator('[data-network=symmetric]').getByText('this browser').waitFor()
    await page.context().close()
  })

  it('where UDP is blocked nothing comes back, and calls still work over TCP', async () => {
    const page = await open('udp-blocked', 'nat')
    await expectVerdict(page, 'fail')
    await expect.poll(() => answer(page, 'classic')).toBe('UDP blocked')
    await page.context().close()

    const calls = await open('udp-blocked', 'call-test#seconds=2&direct=0&sfu=0')
    await calls.locator('[data-finding=turn-udp][data-status=warn]').waitFor()
    await calls.locator('[data-finding=turn-tcp][data-status=pass]').waitFor()
    await expect.poll(() => calls.locator('[data-call=relayed]').getAttribute('data-call-is')).toBe('measured')
    await calls.context().close()
  })

  it('where only HTTPS passes, all checks say within half a minute that the certificate wants trust', async () => {
    await annAt.setNat('https-only')
    // As people come: the page's warning was clicked away, which does not count for TURN over TLS.
    const browser = await launchBrowser({ host: annAt, args: [fewFrames] })
    try {
      const { context } = await openContext(browser, parley.url, { locale: 'en-US', serviceWorkers: 'block' })
      const page = await context.newPage()
      await page.goto(`${parley.url}/lab/checks`)
      await page.waitForFunction(() => localStorage.getItem('parley.guest-token') !== null)
      await run(page)
      await page.locator('[data-verdict]').getByText('Only HTTPS gets through from here').waitFor()
      await page.getByText('Trust the server’s authority on this computer').first().waitFor()
    } finally {
      await browser.close()
    }
  })
})

describe('on this computer', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterEach(() => stage.clear())
  afterAll(() => stage.close())

  it('no address is translated; what cannot be told says why', async () => {
    const { page } = await stage.stranger()
    await page.goto(`${stage.parley.url}/lab/nat`)
    await page.waitForFunction(() => localStorage.getItem('parley.guest-token') !== null)
    await run(page)
    await expectVerdict(page, 'pass')
    await page.getByText('none between here and the server').waitFor()
    expect(await answer(page, 'filtering')).toBeNull()
    await page.getByText('relays refuse private ones').waitFor()
    await expect.poll(() => openPeerConnections(page)).toBe(0)
  })

  it('a second server that is no STUN server is refused', async () => {
    const { page } = await stage.stranger()
    await page.goto(`${stage.parley.url}/lab/nat`)
    await page.getByRole('textbox', { name: 'A second STUN server' }).fill('turn:example.org')
    await page.getByText('Write an address such as stun:stun.example.org:3478.').waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true)
  })
})
