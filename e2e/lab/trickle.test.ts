import { createSocket } from 'node:dgram'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { openStage, type Stage } from '../harness/stage.ts'
import { expectVerdict, openPeerConnections } from './looks.ts'

let stage: Stage
beforeAll(async () => {
  // TURN over TLS wants a certificate that is trusted, which a page's exceptions do not reach.
  stage = await openStage({ browserFlags: ['--ignore-certificate-errors'] })
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

async function open(settings = ''): Promise<Page> {
  const { page } = await stage.stranger()
  await page.goto(`${stage.parley.url}/lab/trickle${settings}`)
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
  return page
}

const link = (settings: Record<string, unknown>) =>
  `#${new URLSearchParams(Object.entries(settings).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]))}`
const run = (page: Page) => page.getByRole('button', { name: 'Run', exact: true }).click()
const judged = async (page: Page) => {
  await page.locator('[data-done]').waitFor()
  return page.locator('[data-server]').evaluateAll(all => all.map(each => each.getAttribute('data-verdict-is')))
}

/** A UDP port on which nobody answers. */
async function closedPort(): Promise<number> {
  const socket = createSocket('udp4')
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  const { port } = socket.address()
  await new Promise<void>(resolve => socket.close(() => resolve()))
  return port
}

it('our own servers are filled in and each answers; the table has exactly its columns', async () => {
  const page = await open(link({ seconds: 8 }))
  await page
    .locator('li', { hasText: /^turns:/ })
    .first()
    .waitFor()
  await run(page)
  await expect.poll(() => judged(page)).toEqual(['same-address', 'ok', 'ok', 'ok'])
  await expectVerdict(page, 'pass')
  await expect
    .poll(() => page.locator('thead th').allTextContents())
    .toEqual(['Time (s)', 'Type', 'Foundation', 'Protocol', 'Address', 'Port', 'Priority', 'URL', 'Relay protocol'])
  const relay = page.locator('[data-candidate=relay]').first()
  await expect.poll(() => relay.locator('td').nth(6).textContent()).toMatch(/^\d+ \| \d+ \| 255$/)
  await expect.poll(() => openPeerConnections(page)).toBe(0)
})

it('relayed only: no other candidates, and STUN is not asked', async () => {
  const page = await open(link({ seconds: 6, relayOnly: '1' }))
  await page
    .locator('li', { hasText: /^turns:/ })
    .first()
    .waitFor()
  await run(page)
  await expect.poll(() => judged(page)).toEqual(['not-asked', 'ok', 'ok', 'ok'])
  expect(await page.locator('[data-candidate]:not([data-candidate=relay])').count()).toBe(0)
})

it('a wrong TURN password is named; the link carries the server and never the password', async () => {
  const page = await open(link({ own: '0', seconds: 6 }))
  const url = await ownTurn(page)
  await page.getByRole('textbox', { name: 'Another server' }).fill(url)
  await page.getByRole('textbox', { name: 'User name' }).fill('ann')
  await page.getByLabel('Password').fill('not-the-password')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await run(page)
  await expect.poll(() => judged(page)).toEqual(['wrong-credentials'])
  await expectVerdict(page, 'fail')
  expect(page.url()).toContain('turn')
  expect(page.url()).not.toContain('not-the-password')
})

/** The address of our TURN over UDP, from the list that is filled in. */
async function ownTurn(page: Page): Promise<string> {
  const own = page.getByRole('button', { name: /^This server’s own/ })
  await own.click()
  const url =
    (await page
      .locator('li', { hasText: /^turn:.*udp/ })
      .first()
      .textContent()) ?? ''
  await own.click()
  return url
}

it('a server that does not answer has no answer in time, and the run ends by the limit', async () => {
  const page = await open(link({ own: '0', others: [`stun:127.0.0.1:${await closedPort()}`], seconds: 1 }))
  await run(page)
  await expect.poll(() => judged(page)).toEqual(['no-answer'])
  await expect.poll(() => page.locator('[data-done]').getAttribute('data-done')).toBe('limit')
  await expectVerdict(page, 'fail')
})

it('a name that nobody knows; its errors are one grey line', async () => {
  const page = await open(link({ own: '0', others: ['stun:nowhere.invalid'], seconds: 8 }))
  await run(page)
  await expect.poll(() => judged(page)).toEqual(['unresolved'])
  await expect.poll(() => page.locator('[data-error="701"]').count()).toBe(1)
})

it('what is no address is refused with the reason', async () => {
  const page = await open()
  await page.getByRole('textbox', { name: 'Another server' }).fill('stun://example.org')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('These addresses have no slashes').waitFor()
})

it('can be stopped, and leaves nothing open', async () => {
  const page = await open(link({ own: '0', others: [`stun:127.0.0.1:${await closedPort()}`], seconds: 45 }))
  await run(page)
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByText('Stopped. Nothing is concluded from a part.').waitFor()
  await expect.poll(() => openPeerConnections(page)).toBe(0)
})
