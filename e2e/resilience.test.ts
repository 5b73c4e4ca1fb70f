import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Person, picturesAt, setOffline } from './harness/person.ts'
import { expectToSeeAndHear, openStage, type Stage } from './harness/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

const meet = (room: string) => stage.meet(room, 'Ann', 'Bob')

const banner = (person: Person) => person.page.getByText('Connection lost, reconnecting…').first()
const connections = (person: Person) =>
  person.page.evaluate(() => (Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]).length)

it('the server is restarted during a meeting: the media goes on, signalling resumes, nobody is new', async () => {
  const [ann, bob] = await meet('restart')
  const before = await connections(ann)
  await stage.parley.kill()
  await Promise.all([banner(ann).waitFor(), banner(bob).waitFor()])
  await Promise.all([expectToSeeAndHear(ann, 1), expectToSeeAndHear(bob, 1)])
  await stage.parley.start()
  await Promise.all([banner(ann).waitFor({ state: 'detached' }), banner(bob).waitFor({ state: 'detached' })])
  await expectToSeeAndHear(ann, 1)
  expect(await connections(ann)).toBe(before)

  await bob.page.keyboard.press('c')
  await bob.page.getByRole('textbox', { name: 'Write a message' }).fill('still here')
  await bob.page.keyboard.press('Enter')
  await ann.page.getByText('still here').first().waitFor()
  await ann.page.getByRole('button', { name: 'People, 2 here' }).waitFor()
})

it('a network that is gone for ten seconds comes back unaided', async () => {
  const [ann, bob] = await meet('cut')
  await setOffline(ann.page, true)
  await banner(ann).waitFor()
  // Ten seconds of no network are the case itself, not a wait for something.
  await new Promise(resolve => setTimeout(resolve, 10_000))
  await setOffline(ann.page, false)
  await banner(ann).waitFor({ state: 'detached' })
  await Promise.all([expectToSeeAndHear(ann, 1), expectToSeeAndHear(bob, 1)])
  await bob.page.getByRole('button', { name: 'People, 2 here' }).waitFor()
})

it('a killed tab leaves the roster', async () => {
  const [ann, bob] = await meet('killed')
  const session = await bob.context.newCDPSession(bob.page)
  // The page's process dies at once; the answer to this command dies with it.
  session.send('Page.crash').catch(() => undefined)
  await ann.page.getByRole('button', { name: 'People, 1 here' }).waitFor()
  await expect.poll(() => picturesAt(ann.page)).toBe(0)
  await bob.context.close()
})

it('who goes back before the seat is there gives it up, and is in the next room alone', async () => {
  const ann = await stage.person('Ann')
  // An uplink so slow that nothing leaves it, from the wish for a seat on.
  let held: (() => void)[] | undefined
  let slow = true
  await ann.page.routeWebSocket(/socket\.io/, ws => {
    const server = ws.connectToServer()
    ws.onMessage(message => {
      if (slow && String(message).includes('"room.join"')) held ??= []
      if (held) held.push(() => server.send(message))
      else server.send(message)
    })
  })
  const join = ann.page.getByRole('button', { name: /^join/i })
  const goTo = async (room: string) => {
    await ann.page.getByRole('textbox', { name: 'Code or link' }).fill(room)
    await ann.page.keyboard.press('Enter')
    await ann.page.getByText(room).first().waitFor()
  }
  await ann.home()
  await goTo('first')
  await join.click()
  await expect.poll(() => held?.length).toBeGreaterThan(0)
  await ann.page.goBack()
  await goTo('second')
  slow = false
  for (const send of held ?? []) send()
  held = undefined
  await join.click()
  await ann.page.getByRole('button', { name: 'Leave' }).waitFor()
  const { rooms } = (await stage.parley.admin('/api/rooms')) as { rooms: { name: string; participants: number }[] }
  expect(rooms.map(({ name, participants }) => [name, participants])).toEqual([['second', 1]])
})

it('SIGTERM: clients are told, the process ends with 0, and everybody is back when it starts again', async () => {
  const [ann] = await meet('sigterm')
  expect(await stage.parley.stop()).toBe(0)
  await banner(ann).waitFor()
  await stage.parley.start()
  await banner(ann).waitFor({ state: 'detached' })
  await expectToSeeAndHear(ann, 1)
})

it('removed by an operator: told so and the way on, out of the room, and told again in the green room', async () => {
  const [ann, bob] = await meet('operator')
  const room = (await stage.parley.admin('/api/rooms/operator')) as { participants: { id: string; name: string }[] }
  const idOf = (name: string) => room.participants.find(participant => participant.name === name)?.id
  await stage.parley.admin(`/api/rooms/operator/participants/${idOf('Ann')}/mute`, 'POST', { source: 'microphone' })
  await ann.page.getByText('A host muted you').first().waitFor()
  await ann.page.getByRole('button', { name: 'Mute microphone', pressed: true }).waitFor()
  await stage.parley.admin(`/api/rooms/operator/participants/${idOf('Bob')}`, 'DELETE')
  await bob.page.getByRole('heading', { name: 'You were removed from the meeting' }).waitFor()
  await bob.page.getByText('Ask them to let you in again.').waitFor()
  await bob.page.reload()
  const refusal = bob.page.getByRole('alert').filter({ hasText: 'You were removed' })
  await refusal.getByText('Ask them to let you in again.').waitFor()
  await stage.parley.admin('/api/rooms/operator', 'DELETE')
  await ann.page.getByRole('heading', { name: 'The meeting is over' }).waitFor()
})

it('a page whose files do not arrive says so: at once without any, after a while without the app alone', async () => {
  const { page } = await stage.person('Ann')
  const words = page.getByText('Parley could not be loaded.')
  const patience = () => words.evaluate(shown => shown.getAnimations()[0]?.finish())
  await page.route('**/assets/*.js', route => route.abort())
  await page.goto(`${stage.parley.url}/r/broken`)
  expect(await words.isVisible()).toBe(false)
  await patience()
  expect(await words.isVisible()).toBe(true)
  expect(await words.boundingBox()).toMatchObject({ y: expect.toSatisfy(y => y < 200) })

  await page.route('**/assets/*.css', route => route.abort())
  await page.reload()
  expect(await words.isVisible()).toBe(true)

  await page.unrouteAll()
  await page.reload()
  await page.getByRole('button', { name: 'Join' }).waitFor()
  await patience()
  expect(await words.isVisible()).toBe(false)
})
