import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import { openStage, type Stage } from '../harness/stage.ts'
import { expectFine, looks } from './looks.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ browserFlags: ['--ignore-certificate-errors'] })
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

const pages = {
  trickle: { settings: 'seconds=1', run: /^(Run|运行)$/ },
  devices: { settings: '', run: /^(Test each device|测试每个设备)$/ },
  constraints: { settings: 'asked=["width.ideal=1280","frameRate.max=15"]', run: /^(Open camera|打开摄像头)$/ },
  nat: { settings: '', run: /^(Run|运行)$/ },
  'call-test': { settings: 'seconds=2&relayed=0&sfu=0', run: /^(Run|运行)$/ },
  'data-channel': { settings: 'seconds=1', run: /^(Run|运行)$/ },
  checks: { settings: 'without=["nat","call-test","data-channel"]', run: /^(Run|运行)$/ },
} as const

describe.each(looks)('$look', ({ viewport, colorScheme, locale }) => {
  it.each(Object.entries(pages))('%s, before and after', async (name, { settings, run }) => {
    const { page } = await stage.stranger({ viewport, colorScheme, locale, reducedMotion: 'reduce' })
    await page.goto(`${stage.parley.url}/lab/${name}#${settings}`)
    await page.waitForFunction(() => localStorage.getItem('parley.guest-token') !== null)
    const button = page.getByRole('button', { name: run })
    await button.waitFor()
    await expectFine(page, `${name}-${colorScheme}-before`)
    await button.click()
    await page.locator('[data-verdict]').waitFor()
    await expectFine(page, `${name}-${colorScheme}-after`)
  })
})
