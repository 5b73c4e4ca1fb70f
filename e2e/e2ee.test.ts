import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type Anybody, received } from './harness/person.ts'
import { expectToSeeAndHear, openStage, type Stage } from './harness/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ flags: ['--log-level', 'debug'] })
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

const badge = ({ page }: Anybody, title: string) => page.getByRole('button', { name: title, exact: true })

/** What the admin API tells of a room’s media, as far as it is looked at here. */
interface Measured {
  readonly participants: readonly {
    readonly publish?: object
    readonly subscribe?: { readonly link?: { readonly estimateBps: number } }
    readonly sends: readonly { readonly source: string }[]
    readonly receives: readonly {
      readonly kind: string
      readonly layer?: { readonly bitrateBps?: number }
      readonly wanted?: { readonly pixels?: number }
    }[]
  }[]
}

/** Keeps all that the page sends over its socket. */
const tapSocket = `
  globalThis.said = []
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function (data) {
    said.push(typeof data === 'string' ? data : new TextDecoder('latin1').decode(data))
    return send.call(this, data)
  }
`

const said = ({ page }: Anybody): Promise<string[]> =>
  page.evaluate(() => (globalThis as unknown as { said: string[] }).said)

it('Chromium and Firefox with the key see and hear each other, directly and, once a third comes, through the SFU; who has another sees a padlock; others come and go', async () => {
  const [cho, fay] = await Promise.all([stage.person('Cho', { initScript: tapSocket }), stage.firefoxPerson('Fay')])
  await cho.home()
  await cho.page.getByRole('button', { name: 'New encrypted meeting' }).click()
  await cho.page.getByText('End-to-end encrypted', { exact: true }).waitFor()
  const [, room = '', secret = ''] = /\/r\/([^#]+)#e2ee=([\w-]{22})$/.exec(cho.page.url()) ?? []
  expect(secret).not.toBe('')
  const whole = `${room}#e2ee=${secret}`
  await cho.join()
  expect(await cho.page.locator('textarea[readonly]').inputValue()).toContain(`/r/${whole}`)

  await fay.enter(whole)
  await Promise.all([cho, fay].map(each => expectToSeeAndHear(each, 1)))
  await Promise.all([cho, fay].map(each => badge(each, 'End-to-end encrypted').waitFor()))

  // An encoder and a player are told why they are not let in.
  for (const way of ['whip', 'whep']) {
    const refused = await cho.page.evaluate(async path => {
      const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/sdp' }, body: 'v=0' })
      return [answer.status, await answer.json()]
    }, `/${way}/${room}`)
    expect(refused).toEqual([409, expect.objectContaining({ code: 'room-encrypted', remedy: expect.any(String) })])
  }

  const dan = await stage.person('Dan')
  await dan.enter(whole)
  await Promise.all([cho, fay, dan].map(each => expectToSeeAndHear(each, 2)))
  // The operator sees how the media do.
  const measured = await vi.waitFor(async () => {
    const media = (await stage.parley.admin(`/api/rooms/${room}/media`)) as Measured
    const pictures = media.participants.flatMap(({ receives }) => receives).filter(({ kind }) => kind === 'video')
    const known = [expect.any(Number), expect.any(Number)]
    expect(pictures.map(({ layer, wanted }) => [layer?.bitrateBps, wanted?.pixels])).toEqual(Array(6).fill(known))
    return media
  }, 180_000)
  for (const { publish, subscribe, sends } of measured.participants) {
    expect([publish, subscribe?.link?.estimateBps]).toEqual([expect.anything(), expect.any(Number)])
    expect(sends.map(({ source }) => source).sort()).toEqual(['camera', 'microphone'])
  }
  const keysSent = async () => (await said(cho)).filter(message => message.includes('key.send')).length
  const before = await keysSent()
  await dan.close()
  await cho.page.getByRole('group', { name: /^Dan/ }).waitFor({ state: 'detached' })
  // Everybody has a new key soon after, and nothing stops.
  await expect.poll(keysSent).toBeGreaterThan(before)
  await Promise.all([cho, fay].map(each => expectToSeeAndHear(each, 1)))

  const eve = await stage.person('Eve')
  await eve.enter(`${room}#e2ee=${'x'.repeat(22)}`)
  for (const name of ['Cho', 'Fay']) {
    await eve.page.getByRole('group', { name: new RegExp(`^${name}, Encrypted with another key`) }).waitFor()
  }
  await badge(eve, 'Not everybody is encrypted with your key').waitFor()
  await cho.page.getByRole('group', { name: /^Eve, Encrypted with another key/ }).waitFor()
  await badge(cho, 'Not everybody is encrypted with your key').waitFor()
  expect((await received(eve.page)).frames).toSatisfy(frames => Object.values(frames as object).every(n => n === 0))
  expect(Object.values((await received(eve.page)).audioEnergy).every(energy => energy === 0)).toBe(true)

  // Whoever looks for the cause can see how many frames that were.
  await eve.page.keyboard.press('i')
  await eve.page
    .getByRole('region', { name: 'Cho' })
    .locator('dt:has-text("Frames not decrypted") + dd')
    .filter({ hasText: /^[1-9]/ })
    .waitFor()

  const ned = await stage.person('Ned')
  await ned.enter(room)
  await badge(ned, 'You have no key for this meeting').waitFor()
  await ned.page.getByRole('group', { name: /^Cho, Encrypted, and you have no key/ }).waitFor()
  await cho.page.getByRole('group', { name: /^Ned, Not encrypted, so not shown/ }).waitFor()
  await Promise.all([cho, fay].map(each => expectToSeeAndHear(each, 1)))

  // The secret is in the address bar and nowhere else.
  const everything = (await said(cho)).join('\n')
  expect(everything).toContain('key.send')
  expect(everything).not.toContain(secret)
  expect(stage.parley.output()).not.toContain(secret)
  for (const entry of await readdir(stage.parley.dataDir, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) expect(await readFile(join(entry.parentPath, entry.name), 'latin1')).not.toContain(secret)
  }
})

it('what is turned on later is encrypted as well', async () => {
  const [cho, fay] = await Promise.all([stage.person('Cho'), stage.firefoxPerson('Fay')])
  const whole = `later#e2ee=${'x'.repeat(22)}`
  await Promise.all([cho.arrive(whole), fay.enter(whole)])
  const camera = cho.page.getByRole('button', { name: 'Turn camera off' })
  await camera.click()
  await cho.join()
  await expectToSeeAndHear(cho, 1)
  // Chromium sends it in the section that it has for Fay's. Firefox plays nothing that is not encrypted.
  await camera.click()
  await expectToSeeAndHear(fay, 1)
})
