import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { fewFrames, launchBrowser } from '@parley/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from './server.ts'

let browser: Browser
let server: TestServer
let vite: ChildProcess
let page: string

beforeAll(async () => {
  const port = await freePort()
  page = `http://localhost:${port}`
  server = await startServer('', page)
  const root = fileURLToPath(new URL('../../examples/two-people', import.meta.url))
  const command = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url))
  vite = spawn(process.execPath, [command, '--port', String(port), '--strictPort'], { cwd: root })
  await ready(vite)
  browser = await launchBrowser({ args: [fewFrames] })
})

afterAll(async () => {
  await browser?.close()
  vite?.kill()
  await server?.stop()
})

test('the example: two tabs, one press each, and both play pictures of each other', async () => {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] })
  const tabs = await Promise.all([context.newPage(), context.newPage()])
  for (const tab of tabs) {
    await tab.goto(`${page}/?server=${server.origin}`)
    await tab.getByRole('button', { name: 'Meet' }).click()
    await tab.locator('video').first().waitFor()
  }
  for (const tab of tabs) {
    await tab.waitForFunction(`
      [...document.querySelectorAll('video')].filter(video => video.videoWidth > 0 && video.currentTime > 0.5).length === 2
    `)
    await expect.poll(() => tab.getByRole('status').textContent()).toBe('')
  }
  await tabs[0]?.close()
  await expect.poll(() => tabs[1]?.locator('video').count()).toBe(1)
})

test('the example says what is wrong when there is no server', async () => {
  const tab = await browser.newPage()
  await tab.goto(`${page}/?server=http://localhost:${await freePort()}`)
  await tab.getByRole('button', { name: 'Meet' }).click()
  const status = tab.getByRole('status')
  await expect.poll(() => status.textContent()).toMatch(/cannot be reached.*--allow-origin/)
})

/** A port of the system's choice, which is free again. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0)
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no TCP port to be had')
  return address.port
}

async function ready(process: ChildProcess): Promise<void> {
  let printed = ''
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      printed += chunk.toString()
      if (printed.includes('ready in')) resolve()
    }
    process.stdout?.on('data', hear)
    process.stderr?.on('data', hear)
    process.once('exit', () => reject(new Error(`vite ended:\n${printed}`)))
  })
}
