import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { openStage, type Stage } from './harness/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

/** Presses Tab until the focus is on what has that name. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const element = document.activeElement
      return element?.getAttribute('aria-label') ?? element?.textContent ?? ''
    })
    if (name.test(focused)) return
  }
  throw new Error(`Tab never reaches ${name}`)
}

it('from the home page into a meeting and out of it without a mouse', async () => {
  const ann = await stage.person('Ann')
  await ann.home()
  await ann.page.getByRole('button', { name: 'New meeting' }).waitFor()
  await tabTo(ann.page, /^New meeting/)
  await ann.page.keyboard.press('Enter')
  await ann.page.getByRole('button', { name: 'Join', exact: true }).waitFor()
  await tabTo(ann.page, /^Join/)
  await ann.page.keyboard.press('Enter')
  await ann.page.getByRole('button', { name: 'Leave' }).waitFor()

  await tabTo(ann.page, /^Mute microphone/)
  await ann.page.keyboard.press('Enter')
  await ann.page.getByRole('button', { name: 'Mute microphone', pressed: true }).waitFor()
  await ann.page.keyboard.press('c')
  const field = ann.page.getByRole('textbox', { name: 'Write a message' })
  await expect.poll(() => field.evaluate(element => element === document.activeElement)).toBe(true)
  // Letters are letters while one writes.
  await ann.page.keyboard.type('mvc')
  await expect.poll(() => field.inputValue()).toBe('mvc')
  await ann.page.keyboard.press('Escape')
  await field.waitFor({ state: 'detached' })
  await ann.page.keyboard.press('Shift+?')
  const help = ann.page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await help.waitFor()
  await expect.poll(() => help.evaluate(dialog => dialog.contains(document.activeElement))).toBe(true)
  await ann.page.keyboard.press('Escape')
  await help.waitFor({ state: 'detached' })
  await tabTo(ann.page, /^Leave/)
  await ann.page.keyboard.press('Enter')
  await ann.page.getByRole('heading', { name: 'You left the meeting' }).waitFor()
})

it('the language changes without a reload, and is remembered', async () => {
  const ann = await stage.person('Ann')
  await ann.home()
  await ann.page.evaluate(() => Object.defineProperty(globalThis, '__sameDocument', { value: true }))
  await ann.page.getByRole('button', { name: '中文' }).click()
  await ann.page.getByRole('button', { name: '新建会议' }).waitFor()
  expect(await ann.page.evaluate(() => Reflect.get(globalThis, '__sameDocument'))).toBe(true)
  expect(await ann.page.evaluate(() => document.documentElement.lang)).toBe('zh-CN')
  await ann.page.reload()
  await ann.page.getByRole('button', { name: '新建会议' }).waitFor()
})
