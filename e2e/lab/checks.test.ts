import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage } from '../harness/stage.ts'
import { openPeerConnections, verdict } from './looks.ts'

const run = (page: Page) => page.getByRole('button', { name: 'Run', exact: true }).click()

async function open(stage: Stage, settings: Record<string, string> = {}): Promise<Page> {
  const { page } = await stage.stranger()
  await page.goto(`${stage.parley.url}/lab/checks#${new URLSearchParams({ seconds: '2', ...settings })}`)
  await page.waitForFunction(() => localStorage.getItem('parley.guest-token') !== null)
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
  return page
}

const parts = (page: Page) =>
  page.locator('[data-part]').evaluateAll(all => all.map(each => each.getAttribute('data-part')))

describe('all checks', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({
      browserFlags: ['--ignore-certificate-errors'],
      flags: ['--turn-allow-peer', 'loopback', '--turn-allow-peer', '0.0.0.0/0'],
    })
  })
  afterEach(() => stage.clear())
  afterAll(() => stage.close())

  it('are one report in plain words, which can be saved and opened again elsewhere', async () => {
    const page = await open(stage)
    await run(page)
    await page.locator('[data-verdict]').waitFor()
    const all = ['devices', 'trickle', 'nat', 'call-test', 'data-channel']
    await expect.poll(() => parts(page)).toEqual(all)
    // How fast is the machine's affair: where it is slow, that is warned of.
    const speeds = /^warn (throughput|latency|signalling|call-(direct|relayed|sfu))$/
    const faults = page.locator('[data-finding]:is([data-status=fail], [data-status=warn])')
    const found = await faults.evaluateAll(all => all.map(({ dataset }) => `${dataset.status} ${dataset.finding}`))
    expect(found.filter(fault => !speeds.test(fault))).toEqual([])
    await expect.poll(() => openPeerConnections(page)).toBe(0)

    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save the report as a file' }).click()
    const path = await (await saving).path()
    const said = await page.locator('[data-verdict]').textContent()
    const saved = await readFile(path, 'utf8')
    expect(JSON.parse(saved)).toMatchObject({ format: 'parley-lab-report', page: 'checks', settings: { seconds: 2 } })
    // A report is sent to other people: no password of the relay may be in it.
    expect(saved).not.toMatch(/credential|"username"/)

    const other = await open(stage)
    const choosing = other.waitForEvent('filechooser')
    await other.getByRole('button', { name: 'Open a saved report' }).click()
    await (await choosing).setFiles({ name: 'report.json', mimeType: 'application/json', buffer: Buffer.from(saved) })
    await other.getByText('You are looking at a saved report').waitFor()
    await expect.poll(() => other.locator('[data-verdict]').textContent()).toBe(said)
    await expect.poll(() => parts(other)).toEqual(all)
  })

  it('only those that are chosen, which the link carries', async () => {
    const page = await open(stage, { without: JSON.stringify(['trickle', 'nat', 'call-test', 'data-channel']) })
    await run(page)
    await verdict(page)
    await expect.poll(() => parts(page)).toEqual(['devices'])
  })

  it('can be stopped; what was found so far stays', async () => {
    const page = await open(stage, { seconds: '60' })
    await run(page)
    await page.locator('[data-part=nat]').waitFor()
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.getByText('Stopped. What was found so far stands below.').waitFor()
    await expect.poll(() => parts(page)).toContain('devices')
    await expect.poll(() => openPeerConnections(page)).toBe(0)
  })
})

describe('without the server', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  it('what can be checked is checked, the rest is named', async () => {
    const page = await open(stage)
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
    await page.locator('[data-verdict=fail]').waitFor()
    await expect.poll(() => parts(page)).toEqual(['devices', 'call-test', 'data-channel'])
    await page.locator('[data-finding=signalling][data-status=fail]').waitFor()
    await page.locator('[data-finding=not-made]').first().waitFor()
  })
})
