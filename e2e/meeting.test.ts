import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Person, picturesAt } from './harness/person.ts'
import { expectToSeeAndHear, openStage, type Stage } from './harness/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({
    flags: ['--room-size', '5', '--topology', 'mesh'],
    // Five in a mesh encode and decode forty pictures.
    browserFlags: ['--use-fake-device-for-media-stream=fps=5'],
  })
})
afterAll(() => stage.close())

describe('a meeting of its own', () => {
  afterEach(() => stage.clear())

  it('two people meet by link: each sees and hears the other', async () => {
    const [ann, bob] = await Promise.all([stage.stranger(), stage.stranger()])
    for (const [person, name] of [
      [ann, 'Ann'],
      [bob, 'Bob'],
    ] as const) {
      await person.home()
      await person.page.getByRole('textbox', { name: 'Your name' }).fill(name)
    }
    await ann.page.getByRole('button', { name: 'New meeting' }).click()
    await ann.page.waitForURL(/\/r\/[a-z]+-[a-z]+-\d+$/)
    await ann.page.getByRole('button', { name: 'Join', exact: true }).click()
    const link = await ann.page.getByRole('textbox', { name: 'Link to this meeting' }).inputValue()

    // The link names an address of this machine's network; the tests stay on loopback.
    await bob.page.getByRole('textbox', { name: 'Code or link' }).fill(stage.parley.url + new URL(link).pathname)
    await bob.page.getByRole('button', { name: 'Join', exact: true }).click()
    await bob.page.getByText('Ann is here').waitFor()
    await bob.page.getByRole('button', { name: 'Join', exact: true }).click()

    await Promise.all([expectToSeeAndHear(ann, 1), expectToSeeAndHear(bob, 1)])
    await ann.page.getByRole('button', { name: 'Options for Bob' }).waitFor()
    await bob.page.getByRole('button', { name: 'Options for Ann' }).waitFor()
  })

  it('five people meet in a mesh; the sixth finds the room full and gets in when somebody leaves', async () => {
    const [ann] = await stage.meet('five', 'Ann', 'Bob', 'Cho', 'Dia', 'Eli')
    const fay = await stage.person('Fay')
    await fay.arrive('five')
    await fay.page.getByRole('button', { name: /^join/i }).click()
    await fay.page.getByText('The room is full').first().waitFor()
    await ann.page.getByRole('button', { name: 'Leave' }).click()
    await ann.page.getByRole('heading', { name: 'You left the meeting' }).waitFor()
    await fay.page.getByText('There is room now').first().waitFor()
    await fay.page.getByRole('button', { name: /^(join|try again)/i }).click()
    await fay.page.getByRole('button', { name: 'Leave' }).waitFor()
    await expectToSeeAndHear(fay, 4)
  })

  it('chat reaches everybody, and who comes later reads what was said', async () => {
    const ann = await stage.person('Ann')
    const bob = await stage.person('Bob')
    await ann.enter('chat')
    await ann.page.keyboard.press('c')
    await ann.page.getByRole('textbox', { name: 'Write a message' }).fill('see https://example.org <b>not bold</b>')
    await ann.page.keyboard.press('Enter')
    await bob.enter('chat')
    await bob.page.getByRole('button', { name: /^Chat/ }).click()
    await bob.page.getByText('<b>not bold</b>').waitFor()
    const link = bob.page.getByRole('link', { name: 'https://example.org' })
    await expect.poll(() => link.getAttribute('rel')).toContain('noopener')
    await bob.page.getByRole('textbox', { name: 'Write a message' }).fill('你好')
    await bob.page.keyboard.press('Enter')
    await ann.page.getByText('你好', { exact: true }).waitFor()
  })
})

describe('two who meet in a mesh, one thing after the other', () => {
  let people: readonly [Person, Person]
  beforeAll(async () => {
    people = await stage.meet('two', 'Ann', 'Bob')
  })
  afterAll(() => stage.clear())

  it('muting and the camera go off and on without a new negotiation, and the others see it', async () => {
    const [ann, bob] = people
    await ann.page.evaluate(() => {
      const [connection] = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
      const offers: string[] = []
      Object.defineProperty(globalThis, '__offers', { value: offers })
      connection?.addEventListener('signalingstatechange', () => offers.push(connection.signalingState))
    })

    await bob.page.getByRole('button', { name: /^People/ }).click()
    const list = bob.page.getByRole('list', { name: 'Everybody here' })
    await ann.page.keyboard.press('m')
    await ann.page.getByRole('button', { name: 'Mute microphone', pressed: true }).waitFor()
    await list
      .getByRole('listitem')
      .filter({ hasText: 'Ann' })
      .getByText('microphone off')
      .waitFor({ state: 'attached' })
    await ann.page.keyboard.press('v')
    await ann.page.getByRole('button', { name: 'Turn camera off', pressed: true }).waitFor()
    await list.getByRole('listitem').filter({ hasText: 'Ann' }).getByText('camera off').waitFor({ state: 'attached' })

    await ann.page.keyboard.press('v')
    await ann.page.keyboard.press('m')
    await expectToSeeAndHear(bob, 1)
    expect(await ann.page.evaluate(() => Reflect.get(globalThis, '__offers'))).toEqual([])
  })

  it('a shared screen comes and goes', async () => {
    const [ann, bob] = people
    await ann.page.getByRole('button', { name: 'Share screen' }).click()
    await ann.page.getByRole('button', { name: 'Stop sharing' }).first().waitFor()
    await bob.page.getByText('Ann’s screen').first().waitFor()
    const pictures = () =>
      bob.page.evaluate(() => [...document.querySelectorAll('video')].filter(video => video.videoWidth > 0).length)
    await expect.poll(pictures).toBe(3)
    await ann.page.getByRole('button', { name: 'Stop sharing' }).first().click()
    await bob.page.getByText('Ann’s screen').first().waitFor({ state: 'detached' })
  })

  it('a reload comes back alone: no ghost of the old page stays', async () => {
    const [ann, bob] = people
    await bob.enter('two')
    await expectToSeeAndHear(bob, 1)
    await ann.page.getByRole('button', { name: 'People, 2 here' }).waitFor()
    await expect.poll(() => picturesAt(ann.page)).toBe(1)
  })
})
