import { randomBytes } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { openStage, type Stage } from '../harness/stage.ts'
import { openPeerConnections, verdict } from './looks.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

async function open(
  settings: Record<string, string> = {},
  options: Parameters<Stage['stranger']>[0] = {},
): Promise<Page> {
  const { page } = await stage.stranger(options)
  await page.goto(`${stage.parley.url}/lab/data-channel#${new URLSearchParams({ seconds: '1', ...settings })}`)
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
  return page
}
const run = (page: Page) => page.getByRole('button', { name: 'Run', exact: true }).click()

it.each(['reliable', 'unordered', 'retransmits', 'lifetime'])('%s: measures both ways', async mode => {
  const page = await open({ mode })
  await run(page)
  // How fast is the machine's affair; a slow one is warned of.
  expect(['pass', 'warn']).toContain(await verdict(page))
  const figures = await page.locator('[data-figure]').allTextContents()
  expect(figures[0]).toMatch(/^[\d.,]+ m?s$/)
  for (const rate of figures.slice(1)) expect(rate).toMatch(/^[\d.,]+ [kMG]bit\/s$/)
  await expect.poll(() => openPeerConnections(page)).toBe(0)
})

it('chat from each end to the other', async () => {
  const page = await open()
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  for (const [from, to, name] of [
    ['near', 'far', 'One end'],
    ['far', 'near', 'The other end'],
  ] as const) {
    await page.getByRole('textbox', { name: `Write: ${name}` }).fill(`from ${from}`)
    await page.getByRole('button', { name: `Send: ${name}` }).click()
    await page.locator(`[data-end=${to}] li`, { hasText: `from ${from}` }).waitFor()
  }
  // Longer than a message may be: said, and kept to be shortened.
  const box = page.getByRole('textbox', { name: 'Write: One end' })
  await box.fill('x'.repeat(300_000))
  await page.getByRole('button', { name: 'Send: One end' }).click()
  await page.getByRole('alert').getByText('one message may have').waitFor()
  await expect.poll(async () => (await box.inputValue()).length).toBe(300_000)
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await expect.poll(() => openPeerConnections(page)).toBe(0)
})

it('a file arrives bit by bit', async () => {
  const path = join(tmpdir(), `parley-lab-${randomBytes(4).toString('hex')}.bin`)
  await writeFile(path, randomBytes(3_000_001))
  try {
    const page = await open()
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    const choosing = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Send a file' }).click()
    await (await choosing).setFiles(path)
    await page.locator('[data-file=true]').waitFor()
    expect((await readFile(path)).length).toBe(3_000_001)
  } finally {
    await rm(path)
  }
})

it('a browser in which nothing connects says so, and can be stopped before', async () => {
  const page = await open({}, { initScript: `(${deaf})()` })
  await run(page)
  await page.getByText('Opening the channel…').waitFor()
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByText('Stopped. Nothing is concluded from a part.').waitFor()
  await expect.poll(() => openPeerConnections(page)).toBe(0)
})

/** No candidates ever get through. */
function deaf(): void {
  RTCPeerConnection.prototype.addIceCandidate = async () => {}
}
