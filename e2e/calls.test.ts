import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Person } from './harness/person.ts'
import { expectToSeeAndHear, openStage, type Stage } from './harness/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

/** Two people on their home pages who see each other online. */
async function pair(): Promise<[Person, Person]> {
  const [ann, bob] = await Promise.all([stage.person('Ann'), stage.person('Bob')])
  await Promise.all([ann.home(), bob.home()])
  await Promise.all([callButton(ann.page, 'Bob').waitFor(), callButton(bob.page, 'Ann').waitFor()])
  return [ann, bob]
}

const callButton = (page: Page, name: string) => page.getByRole('button', { name: `Video call with ${name}` })
const ringing = (page: Page, name: string) => page.getByRole('dialog', { name: new RegExp(`${name} is calling`) })
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

it('accepted: both see and hear each other until one hangs up', async () => {
  const [ann, bob] = await pair()
  await callButton(ann.page, 'Bob').click()
  await ringing(bob.page, 'Ann').waitFor()
  await press(bob.page, 'Accept')
  await Promise.all([expectToSeeAndHear(ann, 1), expectToSeeAndHear(bob, 1)])
  await press(bob.page, 'Hang up')
  await ann.page.getByText('Call ended').first().waitFor()
  await callButton(bob.page, 'Ann').or(bob.page.getByText('Call ended').first()).first().waitFor()
})

it('accepted without video: the caller is seen, the callee is only heard', async () => {
  const [ann, bob] = await pair()
  await callButton(ann.page, 'Bob').click()
  await ringing(bob.page, 'Ann').waitFor()
  await press(bob.page, 'Accept without video')
  await expectToSeeAndHear(bob, 1)
  await bob.page.getByRole('button', { name: 'Turn camera off', pressed: true }).waitFor()
  await ann.page.getByRole('button', { name: 'Hang up' }).click()
  await bob.page.getByText('Call ended').first().waitFor()
})

it('declined, plainly and with a message', async () => {
  const [ann, bob] = await pair()
  await callButton(ann.page, 'Bob').click()
  await ringing(bob.page, 'Ann').waitFor()
  // For a moment after it appears keys are taken for strays, so one presses until it is gone.
  await expect
    .poll(async () => {
      await bob.page.keyboard.press('Escape')
      return ringing(bob.page, 'Ann').count()
    })
    .toBe(0)
  await ann.page.getByText('Bob declined the call').first().waitFor()
  await press(ann.page, 'Call again')
  await ringing(bob.page, 'Ann').waitFor()
  await press(bob.page, 'Decline with a message')
  await press(bob.page, 'I’m in a meeting')
  await ann.page.getByText('I’m in a meeting').first().waitFor()
})

it('to somebody in the Lab: it rings there, and is answered in the meeting', async () => {
  const [ann, bob] = await pair()
  await bob.page.getByRole('link', { name: 'Lab', exact: true }).click()
  await bob.page.locator('#lab-page').waitFor()
  await callButton(ann.page, 'Bob').click()
  await bob.page.getByText('Ann is calling').first().waitFor()
  await press(bob.page, 'Go to the call')
  await ringing(bob.page, 'Ann').waitFor()
  await press(bob.page, 'Accept')
  await Promise.all([expectToSeeAndHear(ann, 1), expectToSeeAndHear(bob, 1)])
})

it('cancelled by the caller: it stops ringing', async () => {
  const [ann, bob] = await pair()
  await callButton(ann.page, 'Bob').click()
  await ringing(bob.page, 'Ann').waitFor()
  await press(ann.page, 'Cancel call')
  await ringing(bob.page, 'Ann').waitFor({ state: 'detached' })
  await bob.page.getByText('Missed call from Ann').first().waitFor()
})

it('nobody answers: it ends by itself after half a minute', async () => {
  const [ann, bob] = await pair()
  await callButton(ann.page, 'Bob').click()
  await ringing(bob.page, 'Ann').waitFor()
  await ann.page.getByText('Bob did not answer').first().waitFor()
  await ringing(bob.page, 'Ann').waitFor({ state: 'detached' })
})

it('busy: who is in a call is not rung, and the caller is told', async () => {
  const [ann, bob] = await pair()
  const cho = await stage.person('Cho')
  await cho.home()
  await callButton(ann.page, 'Bob').click()
  await callButton(cho.page, 'Bob').click()
  await cho.page.getByText('Bob is in another call').first().waitFor()
  expect(await ringing(bob.page, 'Cho').count()).toBe(0)
  await press(bob.page, 'Accept')
  await expectToSeeAndHear(ann, 1)
})

it('two people who call each other at the same moment are in one call', async () => {
  const [ann, bob] = await pair()
  await Promise.all([callButton(ann.page, 'Bob').click(), callButton(bob.page, 'Ann').click()])
  await Promise.all([expectToSeeAndHear(ann, 1), expectToSeeAndHear(bob, 1)])
  expect(ann.page.url()).toBe(bob.page.url())
})

it('a person with three tabs stops ringing in all of them when one answers; nobody else can enter the call', async () => {
  const [ann, bob] = await pair()
  const tabs = [bob.page, await bob.tab(), await bob.tab()]
  await callButton(ann.page, 'Bob').click()
  await Promise.all(tabs.map(tab => ringing(tab, 'Ann').waitFor()))
  const [first, second, third] = tabs as [Page, Page, Page]
  await press(second, 'Accept')
  await Promise.all([first, third].map(tab => ringing(tab, 'Ann').waitFor({ state: 'detached' })))
  await expectToSeeAndHear(ann, 1)

  const room = await roomOfCall(stage)
  const cho = await stage.person('Cho')
  await cho.arrive(room)
  await cho.page.getByRole('button', { name: /^join/i }).click()
  await cho.page.getByText('This is a private call').first().waitFor()
})

it('the other side disappears: the call ends and says so', async () => {
  const [ann, bob] = await pair()
  await callButton(ann.page, 'Bob').click()
  await ringing(bob.page, 'Ann').waitFor()
  await press(bob.page, 'Accept')
  await expectToSeeAndHear(ann, 1)
  await bob.page.goto('about:blank')
  await ann.page
    .getByText(/Call ended|connection to Bob was lost/)
    .first()
    .waitFor()
})

/** The private room, as an operator sees it. */
async function roomOfCall({ parley }: Stage): Promise<string> {
  const rooms = await parley.admin('/api/rooms')
  const names = (rooms as { rooms: { name: string; private: boolean }[] }).rooms.filter(room => room.private)
  const [only] = names
  if (!only) throw new Error('no call is running')
  return only.name
}
