import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage } from '../harness/stage.ts'
import { expectFine, looks } from './looks.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

/** A network through which no candidate is ever of use. */
const noPath = 'RTCPeerConnection.prototype.addIceCandidate = async () => {}'

const words = {
  'en-US': { why: 'Why did it freeze?', diagnose: 'Run diagnosis' },
  'zh-CN': { why: '为什么卡住了？', diagnose: '运行诊断' },
} as const

describe.each(looks)('the Lab in a meeting, $look', ({ viewport, colorScheme, locale }) => {
  const say = words[locale]
  const name = locale === 'zh-CN' ? 'narrow' : 'wide'

  it('tells what happened in the call', async () => {
    const ann = await stage.person('Ann', { viewport, colorScheme, locale })
    const bob = await stage.person('Bob')
    await ann.enter('timeline')
    await bob.enter('timeline')
    await ann.page.keyboard.press('i')
    await ann.page.getByRole('button', { name: say.why }).click()
    const dialog = ann.page.getByRole('dialog').last()
    await dialog.locator('[data-timeline=path-connected]').first().waitFor()
    await expectFine(ann.page, `timeline-${name}`)
    await bob.page.close()
    await dialog.locator('[data-timeline=person-went], [data-timeline=path-lost]').first().waitFor({ timeout: 60_000 })
  })

  it('leads to the diagnosis when there is no path', async () => {
    const ann = await stage.person('Ann', { viewport, colorScheme, locale, initScript: noPath })
    const bob = await stage.person('Bob', { initScript: noPath })
    await ann.enter('pathless')
    await bob.enter('pathless')
    const link = ann.page.getByRole('link', { name: say.diagnose })
    await link.waitFor({ timeout: 120_000 })
    await expectFine(ann.page, `no-path-${name}`)
    const [lab] = await Promise.all([ann.context.waitForEvent('page'), link.click()])
    await lab.locator('[data-lab-page=call-test]').waitFor()
    expect(await ann.page.locator('[data-meeting]').count()).toBe(1)
  })
})
