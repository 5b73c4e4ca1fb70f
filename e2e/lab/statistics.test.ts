import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { openStage, type Stage } from '../harness/stage.ts'
import { expectVerdict } from './looks.ts'

let stage: Stage
let folder: string
beforeAll(async () => {
  // chrome://webrtc-internals is the whole browser's.
  stage = await openStage({ whole: true })
  folder = await mkdtemp(join(tmpdir(), 'parley-lab-'))
})
afterEach(() => stage.clear())
afterAll(async () => {
  await stage.close()
  await rm(folder, { recursive: true, force: true })
})

/** The part of a dump that tells how much was measured. */
interface Dumped {
  readonly stats: Readonly<Record<string, { readonly values: string }>>
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const chart = (page: Page, id: string) => page.locator(`[data-chart=${id}]`)

async function choose(page: Page, file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(page, 'Open a saved report')])
  await chooser.setFiles(file)
}

it('draws a running loopback call, records it, saves it and opens it again', async () => {
  const { page } = await stage.stranger()
  await page.goto(`${stage.parley.url}/lab/statistics`)
  await page.getByText('Start a call, here or in another tab').waitFor()
  await press(page, 'Start a loopback call')
  await chart(page, 'bitrateOut').locator('canvas').waitFor()
  await expectVerdict(page, 'pass')
  expect(await chart(page, 'available').count()).toBe(0)
  await press(page, 'Show the path too Candidate pair: round trip, bandwidth estimate, all bytes')
  await chart(page, 'pathRoundTrip').waitFor()

  const table = chart(page, 'bitrateOut').locator('table')
  await chart(page, 'bitrateOut').locator('summary').click()
  await expect.poll(() => table.locator('tbody tr').count()).toBe(2)
  await expect.poll(() => table.innerText()).toMatch(/\d+ [kM]?bit\/s/)
  expect(await page.locator('#lab-page').innerText()).not.toMatch(/NaN|Infinity|null|undefined/)

  await press(page, 'Record')
  await page.getByText(/Recording since .*: ([3-9]|\d\d+) measurements/).waitFor()
  await press(page, 'Stop recording')
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save the report as a file')])
  const path = await download.path()
  const report = JSON.parse(await readFile(path, 'utf8'))
  expect(report.data.samples.length).toBeGreaterThanOrEqual(3)

  const reader = await stage.stranger()
  await reader.page.goto(`${stage.parley.url}/lab/statistics`)
  await choose(reader.page, path)
  await reader.page.getByText('You are looking at a saved report').waitFor()
  await chart(reader.page, 'bitrateOut').waitFor()
  await expectVerdict(reader.page, 'pass')
  await press(reader.page, 'Back to this browser')
  await chart(reader.page, 'bitrateOut').waitFor({ state: 'detached' })
})

it('marks renegotiation and ICE restarts', async () => {
  const { page } = await stage.stranger()
  await page.goto(`${stage.parley.url}/lab/loopback`)
  await press(page, 'Start')
  await press(page, 'Call')
  await page.locator('[data-verdict=pass]').waitFor()
  const watcher = await page.context().newPage()
  await watcher.goto(`${stage.parley.url}/lab/statistics`)
  await chart(watcher, 'bitrateOut').waitFor()
  await press(page, 'Restart ICE')
  await watcher.locator('[data-marker=ice-restart]').waitFor()
})

it('opens a dump that webrtc-internals saved of this very browser', async () => {
  const { page } = await stage.stranger()
  const internals = await page.context().newPage()
  await internals.goto('chrome://webrtc-internals')
  await page.goto(`${stage.parley.url}/lab/loopback`)
  await press(page, 'Start')
  await press(page, 'Call')
  await page.locator('[data-finding=picture][data-status=pass]').waitFor()
  await internals.locator('summary').first().click()
  const path = join(folder, 'webrtc_internals_dump.txt')
  const save = async () => {
    const [download] = await Promise.all([
      internals.waitForEvent('download'),
      internals.locator('#dump-click-target').click(),
    ])
    await download.saveAs(path)
    const { PeerConnections } = JSON.parse(gunzipSync(await readFile(path)).toString())
    const series = Object.values(PeerConnections as Record<string, Dumped>).flatMap(({ stats }) => Object.values(stats))
    return Math.max(0, ...series.map(({ values }) => JSON.parse(values).length))
  }
  // It measures once a second: several measurements have to be in the file.
  await expect.poll(save, { interval: 1000 }).toBeGreaterThanOrEqual(4)

  const reader = await stage.stranger()
  await reader.page.goto(`${stage.parley.url}/lab/statistics`)
  await choose(reader.page, path)
  await chart(reader.page, 'bitrateOut').waitFor()
  await expectVerdict(reader.page, 'pass')
  await reader.page.getByLabel('Connection', { exact: true }).selectOption({ index: 1 })
  await chart(reader.page, 'bitrateIn').waitFor()
})

it('forgets a call when its tab is closed', async () => {
  const { page } = await stage.stranger()
  await page.goto(`${stage.parley.url}/lab/loopback`)
  await press(page, 'Start')
  await press(page, 'Call')
  await page.locator('[data-verdict=pass]').waitFor()
  const watcher = await page.context().newPage()
  await watcher.goto(`${stage.parley.url}/lab/statistics`)
  await chart(watcher, 'bitrateOut').waitFor()
  await page.close()
  await watcher.getByText('No call is running').waitFor({ state: 'attached' })
  // What was measured stays to be looked at.
  await chart(watcher, 'bitrateOut').waitFor()
})

it('refuses what it cannot read, by name', async () => {
  const { page } = await stage.stranger()
  await page.goto(`${stage.parley.url}/lab/statistics`)
  await choose(page, { name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('{') })
  await page.getByText('It is not a JSON file.').waitFor()
  await choose(page, { name: 'b.json', mimeType: 'application/json', buffer: Buffer.from('{"PeerConnections":{}}') })
  await page.getByText('missing or damaged: PeerConnections').waitFor()
})

it('shows a meeting of another tab, and its timeline on another machine', async () => {
  const [ann] = await stage.meet('observed', 'Ann', 'Bob')
  const lab = await ann.context.newPage()
  await lab.goto(`${stage.parley.url}/lab/statistics`)
  await chart(lab, 'bitrateIn').waitFor()
  await expect.poll(() => lab.getByLabel('Which call').locator('option:checked').innerText()).toBe('Meeting observed')
  await expect
    .poll(() => lab.getByLabel('Connection', { exact: true }).locator('option:checked').innerText())
    .toBe('Bob')
  await lab.close()

  await ann.page.bringToFront()
  await ann.page.keyboard.press('i')
  await ann.page.getByRole('button', { name: 'Why did it freeze?' }).click()
  const dialog = ann.page.getByRole('dialog')
  await dialog.locator('[data-timeline=path-connected]').first().waitFor()
  await dialog.locator('[data-timeline=route-direct]').first().waitFor()
  const [download] = await Promise.all([
    ann.page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Save as a file' }).click(),
  ])
  const path = join(folder, 'timeline.json')
  await download.saveAs(path)

  const reader = await stage.stranger()
  await reader.page.goto(`${stage.parley.url}/lab/statistics`)
  await choose(reader.page, path)
  await reader.page.getByText('Timeline of a call in observed').waitFor()
  await reader.page.locator('[data-timeline=path-connected]').getByText('Connected to Bob.').first().waitFor()
})
