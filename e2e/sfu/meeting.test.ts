import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Person, received } from '../harness/person.ts'
import { expectToSeeAndHear, openStage, type Stage } from '../harness/stage.ts'
import { longestGap, watchFrames } from './gaps.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

/** How many open connections a page has. */
const openConnections = (person: Person) =>
  person.page.evaluate(() => {
    const all = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
    return all.filter(({ connectionState }) => connectionState === 'connected').length
  })

/** Sends a tone in syllables in place of what the microphone hears. */
async function talk({ page }: Person): Promise<void> {
  await page.evaluate(async () => {
    const context = new AudioContext()
    Object.defineProperty(globalThis, '__voice', { value: context })
    const tone = new OscillatorNode(context, { frequency: 300 })
    const syllables = new OscillatorNode(context, { type: 'square', frequency: 3 })
    const half = new GainNode(context, { gain: 0.15 })
    const voice = new GainNode(context, { gain: 0.15 })
    const microphone = new MediaStreamAudioDestinationNode(context, { channelCount: 1 })
    syllables.connect(half).connect(voice.gain)
    tone.connect(voice).connect(microphone)
    tone.start()
    syllables.start()
    await context.resume()
    const [track = null] = microphone.stream.getAudioTracks()
    const connections = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
    const open = connections.filter(({ connectionState }) => connectionState === 'connected')
    for (const sender of open.flatMap(connection => connection.getSenders())) {
      if (sender.track?.kind === 'audio') await sender.replaceTrack(track)
    }
  })
}

/** Ends the tone; the microphone stays replaced. */
const hush = ({ page }: Person) => page.evaluate(() => (Reflect.get(globalThis, '__voice') as AudioContext).close())

/** Whose tiles have the ring of somebody who speaks. */
const ringed = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('[data-tile]:has([data-testid="speaking-ring"][data-speaking])')].map(tile =>
      tile.getAttribute('data-tile'),
    ),
  )

/** Whose tile is the largest. */
const largest = (page: Page) =>
  page.evaluate(() => {
    const width = (tile: Element) => tile.getBoundingClientRect().width
    const tiles = [...document.querySelectorAll('[data-tile]')].sort((a, b) => width(b) - width(a))
    return tiles[0]?.getAttribute('data-tile')
  })

/** Packets of sound that a page has been sent, of 20 ms each. */
const soundPackets = (person: Person) =>
  person.page.evaluate(async () => {
    const all = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
    const reports = await Promise.all(all.map(connection => connection.getStats()))
    const entries = reports.flatMap(report => [...report.values()])
    const sounds = entries.filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio')
    return sounds.reduce((sum, { packetsReceived }) => sum + packetsReceived, 0)
  })

describe('a meeting of its own', () => {
  afterEach(() => stage.clear())

  it('the third person lifts two from the mesh to the SFU, and back when they leave: the picture never stops for a second', async () => {
    const [ann, bob] = await stage.meet('ladder', 'Ann', 'Bob')
    expect(await openConnections(ann)).toBe(1)
    await watchFrames(bob.page, 'Ann')
    await expectToSeeAndHear(bob, 1)
    // What a busy machine makes of a picture that nothing happens to.
    const usual = await longestGap(bob.page)

    const cho = await stage.person('Cho')
    await cho.enter('ladder')
    await Promise.all([ann, bob, cho].map(person => expectToSeeAndHear(person, 2)))
    await expect.poll(() => openConnections(ann)).toBe(2)
    await ann.page.getByRole('button', { name: 'Encrypted to the server' }).waitFor()
    expect(await longestGap(bob.page)).toBeLessThan(1000 + usual)

    await cho.page.getByRole('button', { name: 'Leave' }).click()
    await ann.page.getByRole('button', { name: 'End-to-end encrypted' }).waitFor()
    await expect.poll(() => openConnections(ann)).toBe(1)
    await Promise.all([ann, bob].map(person => expectToSeeAndHear(person, 1)))
    expect(await longestGap(bob.page)).toBeLessThan(1000 + usual)
  })

  it('six people meet through the SFU: everybody sees and hears everybody over two connections', async () => {
    const people = await stage.meet('six', 'Ann', 'Bob', 'Cho', 'Dia', 'Eli', 'Fay')
    for (const person of people) expect(await openConnections(person)).toBe(2)
  })
})

describe('three who meet through the SFU, one thing after the other', () => {
  let people: readonly [Person, Person, Person]
  beforeAll(async () => {
    people = await stage.meet('three', 'Ann', 'Bob', 'Cho')
  })
  afterAll(() => stage.clear())

  it('a muted camera and a muted microphone come back without a new negotiation', async () => {
    const [ann, bob] = people
    await ann.page.evaluate(() => {
      const states: string[] = []
      Object.defineProperty(globalThis, '__states', { value: states })
      for (const connection of Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]) {
        connection.addEventListener('signalingstatechange', () => states.push(connection.signalingState))
      }
    })
    await ann.page.keyboard.press('v')
    await ann.page.getByRole('button', { name: 'Turn camera off', pressed: true }).waitFor()
    await bob.page.locator('[data-tile="Ann"] video').waitFor({ state: 'detached' })
    await ann.page.keyboard.press('v')
    await bob.page.locator('[data-tile="Ann"] video').waitFor()
    await expectToSeeAndHear(bob, 2)
    expect(await ann.page.evaluate(() => Reflect.get(globalThis, '__states'))).toEqual([])
  })

  it('a tab that is hidden is sent no pictures; shown again, it has them at once, where they were', async () => {
    const [, bob] = people
    const become = (state: DocumentVisibilityState) =>
      bob.page.evaluate(now => {
        Object.defineProperty(document, 'visibilityState', { value: now, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }, state)
    const frames = async () => Object.values((await received(bob.page)).frames)
    /** Which pictures move while half a second of sound comes from each of the others. */
    const whileSoundComes = async () => {
      const before = await frames()
      const heard = await soundPackets(bob)
      await expect.poll(() => soundPackets(bob)).toBeGreaterThan(heard + 50)
      return (await frames()).map((count, i) => count > (before[i] ?? 0))
    }
    await bob.page.evaluate(() => {
      for (const video of document.querySelectorAll('[data-tile] video')) video.setAttribute('data-before', '')
    })
    await become('hidden')
    await expect.poll(whileSoundComes).toEqual([false, false])
    expect(await bob.page.locator('[data-tile] video[data-before][data-alive]').count()).toBe(3)
    await become('visible')
    await expectToSeeAndHear(bob, 2)
    expect(await bob.page.locator('[data-tile] video[data-before][data-alive]').count()).toBe(3)
  })

  it('a shared screen reaches everybody and goes again', async () => {
    const [ann, bob, cho] = people
    await ann.page.getByRole('button', { name: /^Share/ }).click()
    for (const person of [bob, cho]) await person.page.locator('[data-tile="Ann’s screen"] video[data-alive]').waitFor()
    await ann.page.getByRole('button', { name: 'Stop sharing' }).first().click()
    for (const person of [bob, cho])
      await person.page.locator('[data-tile="Ann’s screen"]').waitFor({ state: 'detached' })
    await expectToSeeAndHear(bob, 2)
  })

  it('the media process is killed in a meeting of three: signalling stays, media is back', async () => {
    const [ann] = people
    await watchFrames(ann.page, 'Bob')
    await stage.parley.killEdge()
    await Promise.all(people.map(person => expectToSeeAndHear(person, 2)))
    expect(await longestGap(ann.page)).toBeLessThan(5000)
    for (const person of people) {
      expect(await person.page.getByText('Connection lost, reconnecting…').count()).toBe(0)
    }
  })

  it('who reloads the page is back, and nobody sees a ghost', async () => {
    const [ann, bob] = people
    await bob.enter('three')
    await expectToSeeAndHear(bob, 2)
    await ann.page.getByRole('button', { name: 'People, 3 here' }).waitFor()
    await expectToSeeAndHear(ann, 2)
  })

  it('whoever talks has the ring and the large picture with everybody, also with those who are muted', async () => {
    const [ann, bob, cho] = people
    for (const { page } of [bob, cho]) await page.keyboard.press('m')
    for (let presses = 0; presses < 2; presses++) await cho.page.keyboard.press('w')
    await talk(ann)
    for (const { page } of people) await expect.poll(() => ringed(page)).toEqual(['Ann'])
    await expect.poll(() => largest(cho.page)).toBe('Ann')
    await hush(ann)
    await bob.page.keyboard.press('m')
    await talk(bob)
    for (const { page } of people) await expect.poll(() => ringed(page)).toEqual(['Bob'])
    await expect.poll(() => largest(cho.page)).toBe('Bob')
    await hush(bob)
    for (const { page } of people) await expect.poll(() => ringed(page)).toEqual([])
    expect(await largest(cho.page)).toBe('Bob')
  })
})
