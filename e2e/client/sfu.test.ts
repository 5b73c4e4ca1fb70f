import { fewFrames, launchBrowser, openContext } from '@parley/testkit'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Parley, startParley } from '../harness/parley.ts'
import { bundle } from './pages.ts'

let browser: Browser
let script: string
let parley: Parley
let contexts: BrowserContext[] = []
let pages: Page[] = []
let outside: (readonly string[])[] = []

beforeAll(async () => {
  script = await bundle('packages/client/src/testing/session-page.ts')
  parley = await startParley()
  browser = await launchBrowser({ args: [fewFrames] })
})

afterAll(async () => {
  await browser?.close()
  await parley?.close()
})

afterEach(async () => {
  const errors = await Promise.all(pages.map(page => page.evaluate('errors')))
  for (const context of contexts) await context.close()
  const requests = outside.flat()
  contexts = []
  pages = []
  outside = []
  expect(errors.flat()).toEqual([])
  expect(requests).toEqual([])
})

function run<T = void>(page: Page, body: string): Promise<T> {
  return page.evaluate<T>(`(async () => { ${body} })()`)
}

/** Counts negotiations in `negotiations`, keeps every connection in `connections`. */
const watchConnections = `
  globalThis.negotiations = 0
  globalThis.connections = []
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration) {
      super(configuration)
      connections.push(this)
      this.addEventListener('signalingstatechange', () => this.signalingState === 'stable' && negotiations++)
    }
  }
`

/** No path leads to other people: only the SFU's descriptions (it is ICE-lite) keep their candidates. */
const noPathToPeople = `
  const { setRemoteDescription } = RTCPeerConnection.prototype
  RTCPeerConnection.prototype.addIceCandidate = async () => {}
  RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
    const kept = sdp.includes('a=ice-lite') ? sdp : sdp.replace(/a=candidate:.*\\r\\n/g, '')
    return setRemoteDescription.call(this, { type, sdp: kept })
  }
`

/** Keeps the times at which pictures of the first other one are shown in `frames`. */
const watchFrames = `
  globalThis.frames = []
  const show = mediaTrack => {
    const video = Object.assign(document.createElement('video'), { muted: true })
    video.srcObject = new MediaStream([mediaTrack])
    const next = () => video.requestVideoFrameCallback(() => { frames.push(performance.now()); next() })
    next()
    return video.play()
  }
  let shown
  const look = () => {
    const { mediaTrack } = room.state.participants[0]?.tracks.find(({ source }) => source === 'camera') ?? {}
    if (!mediaTrack || mediaTrack === shown) return
    shown = mediaTrack
    show(mediaTrack).catch(reportError)
  }
  room.on('changed', look)
  look()
  await until(() => frames.length > 5, 'pictures')
`
const longestGap = (page: Page) =>
  run<number>(
    page,
    'return Math.max(...[...frames, performance.now()].map((time, index) => time - (frames[index - 1] ?? time)))',
  )

/** Keeps the ways that media takes in `ways`, and who comes and goes in `comings`. */
const watchRoom = `
  globalThis.ways = [room.state.topology.now]
  globalThis.comings = []
  room.on('changed', ({ topology }) => topology.now !== ways.at(-1) && ways.push(topology.now))
  room.on('joined', () => comings.push('joined'))
  room.on('left', () => comings.push('left'))
`

/** A page of our server's origin with the SDK, in a profile of its own; `before` runs first of all. */
async function open(before = ''): Promise<Page> {
  const opened = await openContext(browser, parley.url)
  contexts.push(opened.context)
  outside.push(opened.outside)
  await opened.context.addInitScript(before + watchConnections + script)
  const page = await opened.context.newPage()
  pages.push(page)
  await page.goto(`${parley.url}/healthz`)
  return page
}

/** Takes a seat: `session` and `room` in scripts. */
async function enter(page: Page, room: string, { token = '', topology = 'sfu' } = {}): Promise<void> {
  const options = token ? `{ token: ${JSON.stringify(token)} }` : '{}'
  await run(
    page,
    `globalThis.session = await connect('/', ${options})
    globalThis.room = await session.join('${room}', { topology: '${topology}' })
    listen(room)`,
  )
}

const publish = (page: Page) => run(page, 'await publish(room)')
const sees = (page: Page, more = 15) => run(page, `await sees(room, ${more})`)
const negotiations = (page: Page) => run<number>(page, 'return negotiations')

/** Ann, who sends, and Bob, who sees her; both through the SFU. */
async function watched(room: string): Promise<[Page, Page]> {
  const [ann, bob] = await Promise.all([open(), open()])
  await enter(ann, room)
  await enter(bob, room)
  await publish(ann)
  await sees(bob)
  return [ann, bob]
}

/** The state of the other's track, as an expression. */
const track = (source: string) => `room.state.participants[0]?.tracks.find(({ source }) => source === '${source}')`

/** Asks the SFU for a change of Ann's camera. */
const want = (page: Page, state: string) =>
  run(
    page,
    `const [{ id: participant }] = room.state.participants
    await room.subscribe({ tracks: [{ participant, track: ${track('camera')}.id, state: '${state}' }] })`,
  )

/** No frame is decoded for half a second. */
const stands = (page: Page) =>
  run(
    page,
    `await until(async () => {
      const before = (await received(room)).frames
      await new Promise(resolve => setTimeout(resolve, 500))
      return (await received(room)).frames === before
    }, 'the picture stands')`,
  )

test('tracks are asked for by hand; pause and resume, mute, unmute and replace cost no negotiation', async () => {
  const [ann, bob] = await Promise.all([open(), open()])
  await enter(ann, 'hand')
  await enter(bob, 'hand')
  await run(bob, 'await room.subscribe({ auto: false })')
  await publish(ann)
  await run(bob, `await until(() => ${track('camera')} && ${track('microphone')}, 'they are announced')`)
  expect(await run(bob, `return connections.length`)).toBe(0)
  await want(bob, 'on')
  await run(bob, `await until(async () => (await received(room)).frames > 10, 'frames')`)
  expect(await run(bob, `return ${track('microphone')}.mediaTrack === undefined`)).toBe(true)

  const before = [await negotiations(ann), await negotiations(bob)]
  await want(bob, 'paused')
  await stands(bob)
  expect(await run(bob, `return ${track('camera')}.mediaTrack !== undefined`)).toBe(true)
  await want(bob, 'on')
  const more = `
    const now = (await received(room)).frames
    await until(async () => (await received(room)).frames > now + 10, 'more frames')`
  await run(bob, more)
  await run(ann, `await room.localTracks.get('camera').mute()`)
  await run(bob, `await until(() => ${track('camera')}.muted && !${track('camera')}.mediaTrack, 'muted')`)
  await run(ann, `await room.localTracks.get('camera').unmute()`)
  await run(bob, `await until(() => ${track('camera')}.mediaTrack, 'unmuted')`)
  await run(bob, more)
  await run(
    ann,
    `const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 90 })
    const paint = canvas.getContext('2d')
    setInterval(() => paint.fillRect(Math.random() * 99, 9, 9, 9), 100)
    await room.localTracks.get('camera').replace(canvas.captureStream(10).getVideoTracks()[0])`,
  )
  await run(
    bob,
    `await until(async () => (await room.stats()).some(({ tracks }) => tracks.some(({ width }) => width === 160)), 'the other picture')`,
  )
  expect([await negotiations(ann), await negotiations(bob)]).toEqual(before)

  await want(bob, 'off')
  await run(bob, `await until(() => !${track('camera')}.mediaTrack, 'it is gone')`)
})

test('ICE restarts on both connections, and the picture goes on', async () => {
  const [ann, bob] = await watched('restart')
  const ufrags = (page: Page) =>
    run<string[]>(
      page,
      `return connections.map(({ localDescription }) => /ice-ufrag:(.*)/.exec(localDescription.sdp)[1].trim())`,
    )
  const before = [await ufrags(ann), await ufrags(bob)]
  for (const page of [ann, bob]) await run(page, `dispatchEvent(new Event('online'))`)
  await expect.poll(() => ufrags(ann)).not.toEqual(before[0])
  await expect.poll(() => ufrags(bob)).not.toEqual(before[1])
  await sees(bob)
  expect(await run(bob, `return [connections.length, room.state.participants[0].connection]`)).toEqual([
    1,
    { status: 'connected' },
  ])
})

test('the media process is killed: media is back, signalling never noticed', async () => {
  const [ann, bob] = await watched('killed')
  await run(bob, `globalThis.states = []; session.on('state', ({ status }) => states.push(status))`)
  await parley.killEdge()
  await run(
    bob,
    `await until(() => connections.length > 1 && connections.at(-1).connectionState === 'connected', 'anew')`,
  )
  await sees(bob)
  expect(await run(bob, 'return [states, room.state.participants.length]')).toEqual([[], 1])
  expect(await run(ann, 'return room.state.topology')).toEqual({ wish: 'sfu', now: 'sfu' })
})

test('the server starts anew: everybody is back, and what was not wanted still is not', async () => {
  const [ann, bob] = await watched('anew')
  await publish(bob)
  await sees(ann)
  await run(
    bob,
    `const [{ id: participant }] = room.state.participants
    await room.subscribe({ tracks: [{ participant, track: ${track('microphone')}.id, state: 'off' }] })
    await until(() => !${track('microphone')}.mediaTrack, 'silence')
    globalThis.left = 0
    room.on('ended', () => left++)`,
  )
  await parley.stop()
  await run(bob, `await until(() => room.state.status.status === 'reconnecting', 'it noticed')`)
  await parley.start()
  await run(
    bob,
    `await until(() => room.state.status.status === 'connected' && ${track('camera')}?.mediaTrack, 'back')
    const now = (await received(room)).frames
    await until(async () => (await received(room)).frames > now + 10, 'pictures')`,
  )
  await sees(ann)
  expect(
    await run(bob, `return [left, room.state.participants.length, ${track('microphone')}.mediaTrack === undefined]`),
  ).toEqual([0, 1, true])
})

test('the server starts anew after a while: nobody leaves to come back, and the three are no mesh in between', async () => {
  const pages = await Promise.all([open(), open(), open()])
  for (const page of pages) {
    await enter(page, 'outlived', { topology: 'auto' })
    await publish(page)
  }
  await Promise.all(pages.map(page => sees(page)))
  for (const page of pages) await run(page, watchRoom)
  await parley.kill()
  const live = `connections.filter(({ connectionState }) => connectionState === 'connected').length`
  for (const page of pages) await run(page, `await until(() => ${live} === 0, 'the SFU is gone', 40000)`)
  await parley.start()
  for (const page of pages) {
    await run(page, `await until(() => room.state.status.status === 'connected', 'back', 30000)`)
    await run(page, `await until(() => ${live} === 2, 'two connections', 30000)`)
  }
  await Promise.all(pages.map(page => sees(page)))
  for (const page of pages) expect(await run(page, 'return [ways, comings]')).toEqual([['sfu'], []])
})

test('two who have no path to each other meet through the SFU, and stay there when a third has come and gone', async () => {
  const [ann, bob] = await Promise.all([open(noPathToPeople), open(noPathToPeople)])
  for (const page of [ann, bob]) {
    await enter(page, 'apart', { topology: 'auto' })
    await publish(page)
  }
  await run(ann, watchRoom)
  for (const page of [ann, bob])
    await run(page, `await until(() => room.state.topology.now === 'sfu', 'the SFU', 40000)`)
  await Promise.all([sees(ann), sees(bob)])
  await run(bob, watchFrames)

  const cho = await open(noPathToPeople)
  await enter(cho, 'apart', { topology: 'auto' })
  await publish(cho)
  await sees(cho)
  const usual = await longestGap(bob)
  const made = await run<number>(ann, 'return connections.length')
  await run(cho, 'await room.leave()')
  await run(ann, `await until(() => connections.length > ${made}, 'another attempt', 50000)`)
  await run(ann, `await until(() => connections.at(-1).connectionState === 'closed', 'it is given up', 40000)`)
  await Promise.all([sees(ann), sees(bob)])
  expect(await run(ann, 'return ways')).toEqual(['mesh', 'sfu'])
  expect(await longestGap(bob)).toBeLessThan(1000 + usual)
  for (const page of [ann, bob]) {
    expect(await run(page, 'return room.state.participants[0].connection')).toEqual({ status: 'connected' })
  }
})

test('who reloads leaves no ghost and is seen again', async () => {
  const [ann, bob] = await watched('reload')
  await ann.reload()
  await run(bob, `await until(() => room.state.participants.length === 0, 'Ann is gone', 15000)`)
  await enter(ann, 'reload')
  await publish(ann)
  await sees(bob)
  expect(await run(bob, 'return room.state.participants.length')).toBe(1)
})

test('who may not publish is told so, and sees and hears all the same', async () => {
  const ann = await open()
  await enter(ann, 'viewers')
  await publish(ann)
  const viewer = await open()
  await enter(viewer, 'viewers', { token: await parley.token('--no-publish', '--name', 'Viewer') })
  const refused = await run(viewer, `return publish(room).then(() => 'published', ({ code }) => code)`)
  expect(refused).toBe('not-allowed')
  await sees(viewer)
  expect(await run(viewer, 'return room.state.participants[0].connection')).toEqual({ status: 'connected' })
})

test('two who are left go back to a mesh though a camera is muted, and who comes just then lifts them again', async () => {
  const [ann, bob, cho] = await Promise.all([open(), open(), open()])
  for (const page of [ann, bob, cho]) {
    await enter(page, 'again', { topology: 'auto' })
    await publish(page)
  }
  const both = (page: Page) =>
    run(
      page,
      `await until(() => room.state.participants.filter(({ tracks }) => tracks.length === 2 && tracks.every(({ mediaTrack }) => mediaTrack)).length === 2, 'two others')`,
    )
  await Promise.all([ann, bob, cho].map(both))
  await run(bob, `await room.localTracks.get('camera').mute()`)
  await run(cho, 'await room.leave()')
  await run(ann, watchRoom)
  await run(ann, `await until(() => room.state.topology.now === 'mesh', 'a mesh')`)
  await run(ann, `await until(() => connections.filter(c => c.connectionState !== 'closed').length === 1, 'one way')`)
  expect(await run(ann, 'return ways')).toEqual(['sfu', 'mesh'])
  await run(bob, `await room.localTracks.get('camera').unmute()`)
  await run(cho, `globalThis.room = await session.join('again'); await publish(room)`)
  await Promise.all([ann, bob, cho].map(both))
  for (const page of [ann, bob, cho]) await sees(page, 30)
})
