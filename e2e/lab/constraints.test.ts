import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage } from '../harness/stage.ts'
import { expectVerdict, verdict } from './looks.ts'

function stageFor(browserFlags: readonly string[]): () => Stage {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({ browserFlags })
  })
  afterEach(() => stage.clear())
  afterAll(() => stage.close())
  return () => stage
}

async function open(
  stage: Stage,
  asked: readonly string[] = [],
  kind = 'camera',
  options: Parameters<Stage['stranger']>[0] = {},
): Promise<Page> {
  const { page } = await stage.stranger(options)
  await page.goto(`${stage.parley.url}/lab/constraints#${new URLSearchParams({ kind, asked: JSON.stringify(asked) })}`)
  await page.getByRole('button', { name: /^Open (camera|microphone)$/ }).click()
  return page
}

describe('with devices', () => {
  const stage = stageFor([])

  it('what is asked for stands beside what is got, and the code asks for the same', async () => {
    const page = await open(stage(), ['width.ideal=640', 'height.ideal=480'])
    await expectVerdict(page, 'pass')
    const width = page.locator('[data-field=width]')
    await expect.poll(() => width.getAttribute('data-fulfilment')).toBe('met')
    await expect.poll(() => width.locator('td').nth(1).textContent()).toBe('640')
    await expect.poll(() => page.locator('pre').textContent()).toContain('width: { ideal: 640 }')
    await expect.poll(() => page.locator('video').evaluate(video => (video as HTMLVideoElement).videoWidth)).toBe(640)
  })

  it('a slider sets the wish within what the device can, and applying it changes the open device', async () => {
    const page = await open(stage())
    await verdict(page)
    await page.getByRole('slider', { name: 'Ideal Width' }).fill('320')
    await page.getByRole('spinbutton', { name: 'Width max' }).fill('320')
    await page.getByRole('button', { name: 'Apply to the open device' }).click()
    await page.locator('[data-field=width][data-fulfilment=met]').waitFor()
    expect(page.url()).toContain('width.ideal')
  })

  it('a demand that cannot be met is an OverconstrainedError with its name', async () => {
    const page = await open(stage(), ['width.min=100000'])
    await expectVerdict(page, 'fail')
    await page.getByText('OverconstrainedError: no device meets the demand on “width”.').first().waitFor()
  })

  it('a microphone: processing on and off', async () => {
    const page = await open(stage(), ['echoCancellation.exact=false'], 'microphone')
    await expectVerdict(page, 'pass')
    await expect.poll(() => page.locator('[data-field=echoCancellation] td').nth(1).textContent()).toBe('false')
    await page.getByLabel('Start from').selectOption({ label: 'For speech: all processing on' })
    await page.getByRole('button', { name: 'Open microphone' }).click()
    await expect.poll(() => page.locator('[data-field=echoCancellation] td').nth(1).textContent()).toMatch(/true|all/)
  })

  it('leaving the page lets go of the camera', async () => {
    const page = await open(stage(), [], 'camera', { initScript: `(${recordTracks})()` })
    await verdict(page)
    await page.getByRole('link', { name: 'NAT', exact: true }).click()
    await page.locator('[data-lab-page=nat]').waitFor()
    const live = () =>
      page.evaluate(
        () =>
          (Reflect.get(globalThis, '__tracks') as MediaStreamTrack[]).filter(track => track.readyState === 'live')
            .length,
      )
    await expect.poll(live).toBe(0)
  })
})

describe('denied', () => {
  const stage = stageFor(['--use-fake-ui-for-media-stream=deny'])
  it('says so', async () => {
    const page = await open(stage(), [], 'camera', { permissions: [] })
    await expectVerdict(page, 'fail')
    await page.locator('[data-finding=NotAllowedError]').waitFor()
  })
})

describe('no camera', () => {
  const stage = stageFor(['--use-fake-device-for-media-stream=device-count=0'])
  it('says so', async () => {
    const page = await open(stage())
    await expectVerdict(page, 'fail')
    await page.locator('[data-finding=NotFoundError]').waitFor()
  })
})

function recordTracks(): void {
  const tracks: MediaStreamTrack[] = []
  Object.defineProperty(globalThis, '__tracks', { value: tracks })
  const media = navigator.mediaDevices
  const getUserMedia = media.getUserMedia.bind(media)
  media.getUserMedia = async constraints => {
    const stream = await getUserMedia(constraints)
    tracks.push(...stream.getTracks())
    return stream
  }
}
