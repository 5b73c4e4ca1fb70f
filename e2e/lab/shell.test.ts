import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage } from '../harness/stage.ts'
import { expectFine, looks } from './looks.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

/** Buttons by their place in the two languages. */
const words = {
  'en-US': {
    start: 'Start',
    call: 'Call',
    make: 'Make a loopback call',
    agreed: 'What was agreed',
    diff: 'Differences',
    edit: 'Edit and try',
    begin: 'Start a loopback call',
  },
  'zh-CN': {
    start: '开始',
    call: '呼叫',
    make: '发起环回通话',
    agreed: '商定了什么',
    diff: '差异',
    edit: '编辑并试用',
    begin: '发起环回通话',
  },
} as const

describe.each(looks)('the Lab, $look', ({ viewport, colorScheme, locale }) => {
  const say = words[locale]
  const name = locale === 'zh-CN' ? 'narrow' : 'wide'
  const press = (page: Page, label: string) => page.getByRole('button', { name: label, exact: true }).click()
  const open = async (path: string) => {
    const { page } = await stage.stranger({ viewport, colorScheme, locale })
    await page.goto(`${stage.parley.url}/lab/${path}`)
    await page.locator('#lab-page').waitFor()
    return page
  }

  it('loopback is fine before and during a call', async () => {
    const page = await open('loopback')
    await expectFine(page, `loopback-idle-${name}`)
    await press(page, say.start)
    await press(page, say.call)
    await page.locator('[data-finding=picture][data-status=pass]').waitFor()
    await expectFine(page, `loopback-${name}`)
  })

  it('SDP is fine in each of its views', async () => {
    const page = await open('sdp')
    await expectFine(page, `sdp-idle-${name}`)
    await press(page, say.make)
    await page.locator('[data-finding=agreed]').waitFor()
    await expectFine(page, `sdp-${name}`)
    for (const [view, label] of Object.entries({ agreed: say.agreed, diff: say.diff, edit: say.edit })) {
      await press(page, label)
      await expectFine(page, `sdp-${view}-${name}`)
    }
  })

  it('statistics is fine before and during a call', async () => {
    const page = await open('statistics#path=1&raw=1')
    await expectFine(page, `statistics-idle-${name}`)
    await press(page, say.begin)
    await page.locator('[data-chart=bitrateOut] canvas').waitFor()
    await page.locator('[data-verdict=pass]').waitFor()
    await expectFine(page, `statistics-${name}`)
  })
})

it('leads from page to page by keyboard, and names them', async () => {
  const { page } = await stage.stranger()
  await page.goto(`${stage.parley.url}/lab`)
  await page.locator('#lab-page').waitFor()
  expect(new URL(page.url()).pathname).toMatch(/^\/lab\/\w+/)
  const links = page.getByRole('navigation', { name: 'Pages of the Lab' }).getByRole('link')
  const names = await links.allInnerTexts()
  expect(names).toEqual(expect.arrayContaining(['Loopback', 'SDP', 'Statistics']))
  const sdp = links.filter({ hasText: 'SDP' })
  await sdp.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'SDP' }).waitFor()
  await expect.poll(() => sdp.getAttribute('aria-current')).toBe('page')
  await expect.poll(() => page.title()).toBe('SDP · Parley')
})

it('copies the report in plain words, and a link that brings the settings back', async () => {
  const { page, context } = await stage.stranger()
  await context.grantPermissions(['camera', 'microphone', 'clipboard-read', 'clipboard-write'])
  await page.goto(`${stage.parley.url}/lab/loopback#videoTracks=2`)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.getByRole('button', { name: 'Call', exact: true }).click()
  await page.locator('[data-verdict=pass]').waitFor()
  const copied = async (button: string) => {
    await page.getByRole('button', { name: button, exact: true }).click()
    await page.getByText(/^(Report|Link) copied$/).waitFor()
    return page.evaluate(() => navigator.clipboard.readText())
  }
  await expect
    .poll(() => copied('Copy the report'))
    .toMatch(/^Loopback\n\n\[Good\] The call was connected .* ms after it was placed\./)
  await expect.poll(() => copied('Copy a link to this page')).toBe(`${stage.parley.url}/lab/loopback#videoTracks=2`)
})

it('lists its pages in a sheet on a phone', async () => {
  const { page } = await stage.stranger({ viewport: { width: 390, height: 844 } })
  await page.goto(`${stage.parley.url}/lab/loopback`)
  await page.getByRole('button', { name: 'Lab: Loopback' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Statistics' }).click()
  await page.getByRole('heading', { level: 1, name: 'Statistics' }).waitFor()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})
