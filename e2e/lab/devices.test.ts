import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage } from '../harness/stage.ts'
import { expectVerdict } from './looks.ts'

function stageFor(browserFlags: readonly string[]): () => Stage {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({ browserFlags })
  })
  afterEach(() => stage.clear())
  afterAll(() => stage.close())
  return () => stage
}

async function open(stage: Stage, options: Parameters<Stage['stranger']>[0] = {}): Promise<Page> {
  const { page } = await stage.stranger(options)
  await page.goto(`${stage.parley.url}/lab/devices`)
  await page.getByRole('button', { name: 'Test each device' }).waitFor()
  return page
}

const test = (page: Page) => page.getByRole('button', { name: 'Test each device' }).click()

describe('allowed', () => {
  const stage = stageFor([])

  it('lists the devices and opens each', async () => {
    const page = await open(stage())
    await page.locator('[data-permission="camera granted"]').waitFor()
    await test(page)
    await expectVerdict(page, 'pass')
    await expect.poll(() => page.locator('[data-opening=opened]').count()).toBeGreaterThanOrEqual(2)
    expect(await page.locator('[data-opening]:not([data-opening=opened])').count()).toBe(0)
  })

  it('what is plugged out and in again is noticed at once', async () => {
    const page = await open(stage(), { initScript: `(${pluggable})()` })
    await page.locator('[data-device=videoinput]').first().waitFor()
    await page.evaluate(() => Reflect.get(globalThis, '__plugCamera')(false))
    await page.locator('[data-device-event=removed]').waitFor()
    await page.locator('[data-device=videoinput]').waitFor({ state: 'detached' })
    await page.evaluate(() => Reflect.get(globalThis, '__plugCamera')(true))
    await page.locator('[data-device-event=added]').waitFor()
    await page.locator('[data-device=videoinput]').first().waitFor()
  })
})

describe('denied', () => {
  const stage = stageFor(['--use-fake-ui-for-media-stream=deny'])

  it('says that it is blocked, and how to unblock it', async () => {
    const page = await open(stage(), { permissions: [] })
    await test(page)
    await expectVerdict(page, 'fail')
    await page.getByText('Click the icon at the left end of the address bar.').waitFor()
  })
})

describe('no devices', () => {
  const stage = stageFor([])

  it('is a warning: one can watch and listen', async () => {
    const page = await open(stage(), { initScript: 'navigator.mediaDevices.enumerateDevices = async () => []' })
    await page.getByText('This browser sees no microphone, camera or speaker.').waitFor()
    await test(page)
    await expectVerdict(page, 'warn')
    await page.locator('[data-finding=camera-found][data-status=warn]').waitFor()
  })

  it('a page that gets no devices at all says why', async () => {
    const hidden = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })"
    const page = await open(stage(), { initScript: hidden })
    await test(page)
    await page.locator('[data-finding=unsupported][data-status=fail]').waitFor()
  })
})

/** Chromium's fake devices cannot be unplugged: this hides the cameras, as unplugging does. */
function pluggable(): void {
  const media = navigator.mediaDevices
  const enumerateDevices = media.enumerateDevices.bind(media)
  let plugged = true
  media.enumerateDevices = async () => (await enumerateDevices()).filter(({ kind }) => plugged || kind !== 'videoinput')
  Object.defineProperty(globalThis, '__plugCamera', {
    value: (now: boolean) => {
      plugged = now
      media.dispatchEvent(new Event('devicechange'))
    },
  })
}
