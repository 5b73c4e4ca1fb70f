import { fewFrames, launchBrowser, openContext } from '@parley/testkit'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { bundle } from './pages.ts'
import { startServer, type TestServer } from './server.ts'

let browser: Browser
let script: string
let server: TestServer
let contexts: BrowserContext[] = []
let pages: Page[] = []
let outside: (readonly string[])[] = []

beforeAll(async () => {
  script = await bundle('packages/client/src/testing/session-page.ts')
  browser = await launchBrowser({ args: [fewFrames] })
})

afterAll(() => browser?.close())

beforeEach(async () => {
  server = await startServer(script)
})

afterEach(async () => {
  const errors = await Promise.all(pages.filter(page => !page.isClosed()).map(page => page.evaluate('errors')))
  for (const context of contexts) await context.close()
  await server.stop()
  const requests = outside.flat()
  contexts = []
  pages = []
  outside = []
  expect(errors.flat()).toEqual([])
  expect(requests).toEqual([])
})

/** A page of somebody's own, connected: `session` in scripts. */
async function come(name: string): Promise<Page> {
  const opened = await openContext(browser, server.origin)
  contexts.push(opened.context)
  outside.push(opened.outside)
  const page = await opened.context.newPage()
  pages.push(page)
  await page.goto(server.origin)
  const token = JSON.stringify({ sub: name.toLowerCase(), name })
  await run(page, `globalThis.session = await connect('/', { token: ${JSON.stringify(token)} })`)
  return page
}

function run<T = void>(page: Page, body: string): Promise<T> {
  return page.evaluate<T>(`(async () => { ${body} })()`)
}

/** Into the room, with camera and microphone; `room` in scripts. */
const enter = (page: Page) => run(page, `globalThis.room = await session.join('tea'); await publish(room)`)
const sees = (page: Page) => run(page, 'await sees(room)')

/** Ann calls Bob, who answers; both publish. `call` and `room` in scripts. */
async function talk(ann: Page, bob: Page): Promise<void> {
  await run(
    bob,
    `await session.setPresence('available'); session.on('incomingCall', call => { globalThis.call = call })`,
  )
  await run(ann, `globalThis.call = await session.call('bob', 'video')`)
  const joined = run(ann, 'globalThis.room = await call.joined(); await publish(room)')
  await run(
    bob,
    `await until(() => globalThis.call, 'it rings'); globalThis.room = await call.accept(); await publish(room)`,
  )
  await joined
  await Promise.all([sees(ann), sees(bob)])
}

test('two people meet in a room: pictures, sound, roster, chat, hands, names, mute, levels, statistics', async () => {
  const [ann, bob] = await Promise.all([come('Ann'), come('Bob')])
  await enter(ann)
  await enter(bob)
  await Promise.all([sees(ann), sees(bob)])

  await run(
    bob,
    `globalThis.heard = []; room.on('chat', m => heard.push(m.text)); room.on('reaction', r => heard.push(r.emoji))`,
  )
  await run(ann, `await room.sendChat('hello'); await room.sendReaction('🎉'); await room.raiseHand(true)`)
  await run(bob, `await until(() => heard.length === 2 && room.state.participants[0].hand, 'chat, reaction, hand')`)
  expect(await run(bob, 'return [...heard, room.state.participants[0].name]')).toEqual(['hello', '🎉', 'Ann'])

  await run(ann, `await room.localTracks.get('camera').mute()`)
  await run(
    bob,
    `await until(() => room.state.participants[0].tracks.some(t => t.source === 'camera' && t.muted && !t.mediaTrack), 'muted')`,
  )
  await run(ann, `await room.localTracks.get('camera').unmute()`)
  await run(bob, `await until(() => room.state.participants[0].tracks.every(t => !t.muted && t.mediaTrack), 'unmuted')`)
  await sees(bob)

  await run(
    bob,
    `
    const loud = new Set()
    const stop = room.on('levels', levels => { for (const id of levels.keys()) loud.add(id) })
    await until(() => loud.size === 2, 'both voices')
    stop()
  `,
  )
  const [peer] = await run<{ route: string; protocol: string; quality: number }[]>(
    bob,
    `
    await until(() => room.state.participants[0].quality, 'quality')
    return (await room.stats()).map(({ route, protocol }) => ({ route, protocol, quality: room.state.participants[0].quality }))
  `,
  )
  expect(peer).toMatchObject({ route: 'direct', protocol: 'udp', quality: 4 })

  await run(ann, 'await room.leave()')
  await run(bob, `await until(() => room.state.participants.length === 0, 'Ann has left')`)
  expect(await run(bob, 'return room.state.status')).toEqual({ status: 'connected' })
})

test('a broken connection comes back with the same seat; what was said meanwhile arrives', async () => {
  const [ann, bob] = await Promise.all([come('Ann'), come('Bob')])
  await enter(ann)
  await enter(bob)
  await Promise.all([sees(ann), sees(bob)])
  await run(bob, `globalThis.states = []; session.on('state', s => states.push(s.status)); globalThis.id = session.id`)
  server.breakConnections()
  const sent = run(
    ann,
    `await until(() => room.state.status.status === 'reconnecting', 'it noticed'); await room.sendChat('from the gap')`,
  )
  await run(bob, `await until(() => room.state.messages.some(m => m.text === 'from the gap'), 'the message')`)
  await sent
  expect(await run(bob, 'return [states[0], states.at(-1), session.id === id]')).toEqual([
    'reconnecting',
    'connected',
    true,
  ])
  await Promise.all([sees(ann), sees(bob)])
})

test('a server that starts anew finds the call going on: same people, same pictures, new signals', async () => {
  const [ann, bob] = await Promise.all([come('Ann'), come('Bob')])
  await talk(ann, bob)
  await run(
    ann,
    `globalThis.left = 0; room.on('left', () => left++); globalThis.gaps = 0
    room.on('changed', ({ participants }) => { if (participants[0]?.tracks.filter(t => t.mediaTrack).length !== 2) gaps++ })`,
  )
  await server.stop()
  await run(ann, `await until(() => room.state.status.status === 'reconnecting', 'it noticed')`)
  await Promise.all([sees(ann), sees(bob)])
  await server.start()
  for (const page of [ann, bob]) await run(page, `await until(() => room.state.status.status === 'connected', 'back')`)
  await run(bob, `await room.sendChat('still there?')`)
  await run(ann, `await until(() => room.state.messages.length === 1, 'signals pass')`)
  await Promise.all([sees(ann), sees(bob)])
  expect(await run(ann, `return [left, gaps, call.call.state.status, room.state.participants.length]`)).toEqual([
    0,
    0,
    'accepted',
    1,
  ])
  await run(bob, 'await call.hangUp()')
  await run(ann, `await until(() => call.call.state.status === 'ended', 'it is over')`)
  expect(await run(ann, 'return [call.call.state.outcome, room.state.status.status]')).toEqual(['hung-up', 'ended'])
})

test('a call is accepted, talked and hung up', async () => {
  const [ann, bob] = await Promise.all([come('Ann'), come('Bob')])
  await talk(ann, bob)
  await run(bob, 'await call.hangUp()')
  await run(ann, `await until(() => call.call.state.status === 'ended', 'it is over')`)
  expect(await run(ann, 'return [call.call.state.outcome, room.state.status.status, session.calls.size]')).toEqual([
    'hung-up',
    'ended',
    0,
  ])
})

test('a call that is declined, and one to nobody', async () => {
  const [ann, bob] = await Promise.all([come('Ann'), come('Bob')])
  await run(
    bob,
    `await session.setPresence('available'); session.on('incomingCall', call => call.reject('in a meeting'))`,
  )
  const error = await run(
    ann,
    `
    const call = await session.call('bob')
    return call.joined().catch(error => ({ code: error.code, state: error.call.state }))
  `,
  )
  expect(error).toMatchObject({ code: 'call-ended', state: { outcome: 'rejected', message: 'in a meeting' } })
  expect(await run(ann, `return session.call('carl').catch(error => error.code)`)).toBe('not-online')
  expect(await run(ann, `return session.call('ann').catch(error => error.code)`)).toBe('call-self')
})

test('a page that reloads leaves no ghost', async () => {
  const [ann, bob] = await Promise.all([come('Ann'), come('Bob')])
  await enter(ann)
  await enter(bob)
  await Promise.all([sees(ann), sees(bob)])
  await run(bob, `globalThis.reasons = []; room.on('left', ({ reason }) => reasons.push(reason))`)
  await ann.reload()
  await run(bob, `await until(() => room.state.participants.length === 0, 'Ann is gone')`)
  expect(await run(bob, 'return reasons')).toEqual(['left'])
})

test('a page whose browser has no WebRTC is told so when it joins, and takes no seat', async () => {
  const page = await come('Ann')
  const code = await run<string>(
    page,
    `delete globalThis.RTCPeerConnection
    const bare = await connect('/', { token: JSON.stringify({ sub: 'bare' }) })
    const { code } = await bare.join('tea').catch(error => error)
    const { participants } = await session.peek('tea')
    bare.close()
    return [code, participants.length].join()`,
  )
  expect(code).toBe('media-unsupported,0')
})
