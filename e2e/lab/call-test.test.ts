import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage } from '../harness/stage.ts'
import { expectVerdict, openPeerConnections } from './looks.ts'

async function open(
  stage: Stage,
  settings: Record<string, string>,
  options: Parameters<Stage['stranger']>[0] = {},
): Promise<Page> {
  const { page } = await stage.stranger(options)
  await page.goto(`${stage.parley.url}/lab/call-test#${new URLSearchParams({ seconds: '2', ...settings })}`)
  // Connected: what the server offers is known.
  await page.waitForFunction(() => localStorage.getItem('parley.guest-token') !== null)
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
  return page
}

const run = (page: Page) => page.getByRole('button', { name: 'Run', exact: true }).click()
const finding = (page: Page, id: string, ...statuses: readonly string[]) =>
  page.locator(statuses.map(status => `[data-finding=${id}][data-status=${status}]`).join()).waitFor()
/** It works. How well is the machine's affair; a slow one is warned of. */
const works = (page: Page, id: string) => finding(page, id, 'pass', 'warn')

describe('a server that is reached', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({
      browserFlags: ['--ignore-certificate-errors'],
      // Relays do not send to this computer's own addresses by themselves.
      flags: ['--turn-allow-peer', 'loopback', '--turn-allow-peer', '0.0.0.0/0'],
    })
  })
  afterEach(() => stage.clear())
  afterAll(() => stage.close())

  it('calls itself directly, through the relay and through the SFU, and measures each', async () => {
    const page = await open(stage, {})
    await run(page)
    await page.locator('[data-verdict]').waitFor()
    for (const kind of ['direct', 'relayed', 'sfu']) {
      const call = page.locator(`[data-call=${kind}]`)
      await expect.poll(() => call.getAttribute('data-call-is'), { message: kind }).toBe('measured')
      expect(await call.locator('[data-measure=video]').textContent(), kind).toMatch(/^[\d.]+ [kM]bit\/s$/)
      expect(await call.locator('[data-measure=roundTrip]').textContent(), kind).toMatch(/^(< )?[\d.]+ ms$/)
    }
    await page.locator('[data-call=relayed]').getByText('relayed').waitFor()
    for (const way of ['udp', 'tcp', 'tls']) await finding(page, `turn-${way}`, 'pass')
    await works(page, 'signalling')
    expect(await page.getByText(/NaN|Infinity|null|undefined/).count()).toBe(0)
    await expect.poll(() => openPeerConnections(page)).toBe(0)
  })

  it('a wrong TURN password is named, and the direct call still works', async () => {
    const page = await open(stage, { sfu: '0' }, { initScript: `(${spoilPasswords})()` })
    await run(page)
    await finding(page, 'turn-udp-password', 'fail')
    await works(page, 'call-direct')
    await finding(page, 'call-relayed-no-way', 'warn')
    await expectVerdict(page, 'fail')
  })

  it('can be stopped in a call, and leaves nothing open', async () => {
    const page = await open(stage, { seconds: '60' })
    await run(page)
    await page.locator('[aria-current=step]', { hasText: 'Calling directly' }).waitFor()
    await expect.poll(() => openPeerConnections(page)).toBe(2)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.getByText('Stopped. Nothing is concluded from a part.').waitFor()
    await expect.poll(() => openPeerConnections(page)).toBe(0)
  })
})

describe('a server that is gone', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  it('is said to be unreachable, at once', async () => {
    const page = await open(stage, {})
    await stage.parley.kill()
    await expect
      .poll(() =>
        page.evaluate(() =>
          fetch('/healthz').then(
            () => true,
            () => false,
          ),
        ),
      )
      .toBe(false)
    await run(page)
    await finding(page, 'signalling', 'fail')
    await expectVerdict(page, 'fail')
  })
})

/** Every TURN server gets a password that is none. */
function spoilPasswords(): void {
  const Native = globalThis.RTCPeerConnection
  globalThis.RTCPeerConnection = class extends Native {
    constructor({ iceServers = [], ...rest }: RTCConfiguration = {}) {
      super({
        ...rest,
        iceServers: iceServers.map(each => (each.credential ? { ...each, credential: 'wrong' } : each)),
      })
    }
  }
}
