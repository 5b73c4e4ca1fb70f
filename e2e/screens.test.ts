import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityViolations, asSentence } from './harness/accessibility.ts'
import { openStage, type Stage } from './harness/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

/** Serious findings of axe, as sentences. */
async function findings(page: Page): Promise<string[]> {
  const violations = await accessibilityViolations(page)
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(asSentence)
}

async function expectFine(page: Page): Promise<void> {
  expect(await findings(page)).toEqual([])
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
}

const looks = [
  { look: 'wide, light, English', viewport: { width: 1280, height: 800 }, colorScheme: 'light', locale: 'en-US' },
  { look: '390 px, dark, 中文', viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN' },
] as const

describe.each(looks)('every screen, $look', ({ viewport, colorScheme, locale }) => {
  it('has no serious finding of axe and nothing that sticks out', async () => {
    // A toast that fades would be judged halfway.
    const options = { viewport, colorScheme, locale, reducedMotion: 'reduce' } as const
    const words = locale === 'zh-CN' ? chinese : english
    const [ann, bob] = await Promise.all([stage.person('Ann', options), stage.person('Bob', options)])
    await ann.home()
    await expectFine(ann.page)

    await bob.home()
    const video = ann.page.getByRole('button', { name: words.callBob })
    await video.waitFor()
    await expectFine(ann.page)
    // A call for each: it rings for half a minute only.
    for (const page of [ann.page, bob.page]) {
      await ann.home()
      await video.click()
      await bob.page.getByRole('dialog').waitFor()
      await expectFine(page)
      await ann.page.getByRole('button', { name: words.cancel }).click()
      await bob.page.getByRole('dialog').waitFor({ state: 'detached' })
    }

    await ann.arrive('look')
    await expectFine(ann.page)
    await ann.join()
    await expectFine(ann.page)
    await bob.enter('look')
    for (const panel of [words.chat, words.people]) {
      await ann.page.getByRole('button', { name: panel }).click()
      await expectFine(ann.page)
      await ann.page.keyboard.press('Escape')
    }
    await ann.page.getByRole('button', { name: words.more }).click()
    await expectFine(ann.page)
    await ann.page.keyboard.press('Escape')
    await ann.page.getByRole('button', { name: words.leave }).click()
    await ann.page.getByRole('heading').first().waitFor()
    await expectFine(ann.page)
    await ann.page.goto(`${stage.parley.url}/nowhere`)
    await expectFine(ann.page)
  })
})

const english = {
  callBob: 'Video call with Bob',
  cancel: 'Cancel call',
  chat: /^Chat/,
  people: /^People/,
  more: 'More',
  leave: 'Leave',
}
const chinese: typeof english = {
  callBob: '与 Bob 视频通话',
  cancel: '取消呼叫',
  chat: /^聊天/,
  people: /^(成员|参会者|与会者|参与者)/,
  more: '更多',
  leave: '离开',
}
