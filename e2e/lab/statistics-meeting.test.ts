import { afterAll, afterEach, beforeAll, it } from 'vitest'
import type { Person, PersonOptions } from '../harness/person.ts'
import { openStage, type Stage } from '../harness/stage.ts'
import { expectFine, looks } from './looks.ts'

let stage: Stage
beforeAll(async () => {
  // Where there is an SFU, two without a path meet there.
  stage = await openStage({ flags: ['--topology', 'mesh'] })
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

/** A network through which no candidate is ever of use. */
const noPath = 'RTCPeerConnection.prototype.addIceCandidate = async () => {}'

const words = {
  'en-US': { why: 'Why did it freeze?', diagnose: 'Run diagnosis' },
  'zh-CN': { why: '为什么卡住了？', diagnose: '运行诊断' },
} as const

/** In a meeting, one person for each look. */
async function meet(room: string, options: PersonOptions = {}) {
  const people = await Promise.all(
    looks.map(async ({ viewport, colorScheme, locale }) => ({
      person: await stage.person(locale, { ...options, viewport, colorScheme, locale }),
      say: words[locale],
      name: locale === 'zh-CN' ? 'narrow' : 'wide',
    })),
  )
  await Promise.all(people.map(({ person }) => person.enter(room)))
  return people
}

const happened = (person: Person, ...kinds: string[]) =>
  person.page
    .getByRole('dialog')
    .last()
    .locator(kinds.map(kind => `[data-timeline=${kind}]`).join())
    .first()
    .waitFor()

it('tells what happened in the call', async () => {
  const people = await meet('timeline')
  for (const { person, say, name } of people) {
    await person.page.keyboard.press('i')
    await person.page.getByRole('button', { name: say.why }).click()
    await happened(person, 'path-connected')
    await expectFine(person.page, `timeline-${name}`)
    // The same, live in the Lab.
    const lab = await person.context.newPage()
    await lab.goto(`${stage.parley.url}/lab/statistics`)
    await lab.locator('[data-timeline=path-connected]').waitFor()
    await expectFine(lab, `timeline-lab-${name}`)
    await lab.close()
  }
  const [staying, going] = people
  await going?.person.page.close()
  if (staying) await happened(staying.person, 'person-went', 'path-lost')
})

it('leads to the diagnosis when there is no path', async () => {
  for (const { person, say, name } of await meet('pathless', { initScript: noPath })) {
    const link = person.page.getByRole('link', { name: say.diagnose })
    await link.waitFor()
    await expectFine(person.page, `no-path-${name}`)
    const [lab] = await Promise.all([person.context.waitForEvent('page'), link.click()])
    await lab.locator('[data-lab-page=call-test]').waitFor()
    await person.page.locator('[data-meeting]').waitFor()
  }
})
