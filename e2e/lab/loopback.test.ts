import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { openStage, type Stage } from '../harness/stage.ts'
import { expectVerdict, openPeerConnections } from './looks.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

async function open(options: Parameters<Stage['stranger']>[0] = {}, settings = ''): Promise<Page> {
  const { page } = await stage.stranger(options)
  await page.goto(`${stage.parley.url}/lab/loopback${settings}`)
  return page
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const phase = (page: Page, lit: string) =>
  page.locator(`[data-machine=connection] [data-state=${lit}][data-lit]`).waitFor()

it('connects to itself and tells each step, and makes a photo', async () => {
  const page = await open()
  await press(page, 'Start')
  await press(page, 'Call')
  await phase(page, 'connected')
  await expectVerdict(page, 'pass')
  await page.locator('[data-finding=picture][data-status=pass]').waitFor()
  await expect.poll(() => page.getByText('not yet', { exact: true }).count()).toBe(0)

  const log = page.locator('[data-log]')
  for (const said of [
    'createOffer(',
    'setRemoteDescription(answer)',
    'iceConnectionState: connected',
    'host udp',
    'dtlsTransport.state: connected',
  ])
    await log.filter({ hasText: said }).first().waitFor()
  expect(await page.locator('[data-log=error]').count()).toBe(0)

  await press(page, 'Photo')
  const photo = page.getByRole('img', { name: 'Photo of the received picture' })
  await photo.waitFor()
  await expect.poll(() => photo.evaluate(image => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0)
})

it('is set up and torn down five times without leaving a peer connection behind', async () => {
  const page = await open()
  await press(page, 'Start')
  for (let round = 0; round < 5; round++) {
    await press(page, 'Call')
    await phase(page, 'connected')
    await expect.poll(() => openPeerConnections(page)).toBe(2)
    await press(page, 'Hang up')
    await expect.poll(() => openPeerConnections(page)).toBe(0)
  }
  await press(page, 'Stop')
  const live = await page.evaluate(
    () => [...document.querySelectorAll('video')].filter(({ srcObject }) => srcObject).length,
  )
  expect(live).toBe(0)
})

it('restarts ICE with new credentials while media goes on', async () => {
  const page = await open()
  await press(page, 'Start')
  await press(page, 'Call')
  await phase(page, 'connected')
  const credentials = () =>
    page.evaluate(() => {
      const all = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
      return /a=ice-ufrag:(\S+)/.exec(all[0]?.localDescription?.sdp ?? '')?.[1]
    })
  const before = await credentials()
  await press(page, 'Restart ICE')
  await page.locator('[data-log=call]').filter({ hasText: 'createOffer({"iceRestart":true' }).waitFor()
  await expect.poll(credentials).not.toBe(before)
  await phase(page, 'connected')
  expect(await page.locator('[data-log=error]').count()).toBe(0)
})

it('sends simulcast to itself: every layer is received', async () => {
  const page = await open({}, '#simulcast=1&source=stand-in&audioTracks=0')
  await press(page, 'Start')
  await press(page, 'Call')
  await phase(page, 'connected')
  await expect.poll(() => page.locator('[data-remote] video').count()).toBe(3)
  const heights = () =>
    page
      .locator('[data-remote] video')
      .evaluateAll(videos => videos.map(video => (video as HTMLVideoElement).videoHeight).filter(height => height > 0))
  // The largest layer comes only when there is bandwidth enough.
  await expect.poll(async () => new Set(await heights()).size).toBeGreaterThanOrEqual(2)

  await press(page, 'Restart ICE')
  const answered = page.locator('[data-log=done]').filter({ hasText: 'setRemoteDescription() done' })
  await expect.poll(() => answered.count()).toBe(4)
  expect(await page.locator('[data-log=error]').count()).toBe(0)
  await phase(page, 'connected')
})

it('keeps the options in the link, and does what they say', async () => {
  const page = await open()
  await page.getByLabel('Video codec').selectOption('VP9')
  await page.getByLabel('Pictures').selectOption('2')
  expect(new URL(page.url()).hash).toBe('#videoTracks=2&codec=VP9')
  await page.reload()
  await press(page, 'Start')
  await press(page, 'Call')
  await phase(page, 'connected')
  await expect.poll(() => page.locator('[data-remote] video').count()).toBe(2)
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const [caller] = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
        const stats = [...((await caller?.getStats()) ?? new Map()).values()]
        const out = stats.find(entry => entry.type === 'outbound-rtp' && entry.kind === 'video' && entry.codecId)
        return stats.find(entry => entry.id === out?.codecId)?.mimeType
      }),
    )
    .toBe('video/VP9')
})

it('works without devices, and says so', async () => {
  const page = await open({
    initScript: `navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('Requested device not found', 'NotFoundError') }`,
  })
  await press(page, 'Start')
  await press(page, 'Call')
  await phase(page, 'connected')
  await expectVerdict(page, 'warn')
  await page.getByText('a test picture is sent instead').first().waitFor()
  await page.locator('[data-finding=picture][data-status=pass]').waitFor()
})

it('says what stands in the way when the browser may not use the network', async () => {
  const page = await open({
    initScript: `const Native = RTCPeerConnection
      globalThis.RTCPeerConnection = class extends Native {
        constructor() { super({ iceTransportPolicy: 'relay' }) }
      }`,
  })
  await press(page, 'Start')
  await press(page, 'Call')
  await expectVerdict(page, 'fail')
  await page
    .getByText(/could not connect|did not connect within/)
    .first()
    .waitFor()
  await press(page, 'Hang up')
  await expect.poll(() => openPeerConnections(page)).toBe(0)
})

it('saves a report that opens again, and refuses other files by name', async () => {
  const page = await open()
  await press(page, 'Start')
  await press(page, 'Call')
  await phase(page, 'connected')
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save the report as a file')])
  const path = await download.path()
  const report = JSON.parse(await readFile(path, 'utf8'))
  expect(report).toMatchObject({ format: 'parley-lab-report', page: 'loopback' })
  expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/)

  const fresh = await open()
  const choose = async (file: string | { name: string; mimeType: string; buffer: Buffer }) => {
    const [chooser] = await Promise.all([fresh.waitForEvent('filechooser'), press(fresh, 'Open a saved report')])
    await chooser.setFiles(file)
  }
  await choose({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{"format":"other"}') })
  await fresh.getByText('not one that the Lab has saved').waitFor()
  await choose(path)
  await fresh.getByText('You are looking at a saved report').waitFor()
  await expectVerdict(fresh, 'pass')
  await expect.poll(() => fresh.locator('[data-log]').count()).toBe(report.data.log.length)
  await press(fresh, 'Back to this browser')
  await fresh.locator('[data-log]').waitFor({ state: 'detached' })
})
