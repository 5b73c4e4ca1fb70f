import { type Host, Internet, thinLine } from '@parley/testkit'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openPerson, type Person } from './harness/person.ts'
import { expectToSeeAndHear, openStage, type Stage } from './harness/stage.ts'
import { type BrowserOnHost, browserOn } from './nat/caller.ts'
import { type ParleyOnHost, startParleyOn } from './nat/parley-on.ts'

const cameraOff = { name: 'Turn camera off' }

/** The notice that names a trouble. */
const notice = ({ page }: Person, words: string) => page.getByRole('status').filter({ hasText: words })

describe('a device that is too slow', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterEach(() => stage.clear())
  afterAll(() => stage.close())

  /** How busy the encoder’s own thread is cannot be planted from outside: the browser is made to say that it is. */
  const limitedBy = (reason: string) => `{
    const read = RTCPeerConnection.prototype.getStats
    RTCPeerConnection.prototype.getStats = async function (...selector) {
      const entries = [...await read.apply(this, selector)]
      return new Map(entries.map(([id, entry]) => [
        id,
        entry.type === 'outbound-rtp' ? { ...entry, qualityLimitationReason: '${reason}' } : entry,
      ]))
    }
  }`

  it('is told so and what to do; the button does it, and then nothing is said any more', async () => {
    const ann = await stage.person('Ann', { initScript: limitedBy('cpu') })
    const bob = await stage.person('Bob')
    await Promise.all([ann.enter('busy'), bob.enter('busy')])
    const said = notice(ann, 'Your device is too busy to send a clear picture')
    await said.getByText('Close other programs').waitFor()
    await said.getByRole('button', cameraOff).click()
    await said.waitFor({ state: 'detached' })
    expect(await bob.page.locator('[data-trouble]').count()).toBe(0)
  })

  it('is not told again what was dismissed', async () => {
    const ann = await stage.person('Ann', { initScript: limitedBy('cpu') })
    const bob = await stage.person('Bob')
    await Promise.all([ann.enter('dismissed'), bob.enter('dismissed')])
    const said = notice(ann, 'Your device is too busy')
    await said.getByRole('button', { name: 'Do not show this again' }).click()
    await said.waitFor({ state: 'detached' })
  })
})

describe.skipIf(process.getuid?.() !== 0)('a line that is too thin (needs root)', () => {
  const open: { close(): Promise<unknown> }[] = []
  let parley: ParleyOnHost
  let line: Host
  let browsers: readonly BrowserOnHost[]
  let people: readonly Person[] = []

  beforeAll(async () => {
    const internet = await Internet.create()
    open.push(internet)
    parley = await startParleyOn(await internet.publicHost('server'), ['--topology', 'sfu'])
    open.push(parley)
    line = await internet.publicHost('ann')
    browsers = [await browserOn(line), await browserOn(await internet.publicHost('bob'))]
    open.push(...browsers)
  })

  afterEach(() => Promise.all(people.map(person => person.close())))

  afterAll(async () => {
    for (const thing of open.reverse()) await thing.close()
  })

  /** The timeline of the call has a line of this kind. */
  async function tells({ page }: Person, kind: string): Promise<void> {
    await page.keyboard.press('i')
    await page.getByRole('button', { name: 'Why did it freeze?' }).click()
    await page.locator(`[data-timeline=${kind}]`).first().waitFor()
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${kind}.png` })
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }

  it.each([
    ['up', 'The connection is too slow for what you send', true],
    ['down', 'The connection is too slow for what you receive', false],
  ] as const)('%s: says so while it is thin, to whose line it is', async (way, words, hasButton) => {
    people = await Promise.all(browsers.map(({ browser }) => openPerson(browser, parley, 'Somebody')))
    const [ann = expect.unreachable(), bob = expect.unreachable()] = people
    await Promise.all(people.map(person => person.enter(way)))
    await Promise.all(people.map(person => expectToSeeAndHear(person, 1)))
    expect(await ann.page.locator('[data-trouble]').count()).toBe(0)
    const widen = await thinLine(line, way, 100)
    const said = notice(ann, words)
    await said.getByText('Move closer to the Wi-Fi').waitFor()
    expect(await said.getByRole('button', cameraOff).count()).toBe(hasButton ? 1 : 0)
    expect(await notice(bob, words).count()).toBe(0)
    if (way === 'down') await tells(ann, 'judged-downlink-bandwidth')
    await widen()
    await said.waitFor({ state: 'detached' })
  })
})
