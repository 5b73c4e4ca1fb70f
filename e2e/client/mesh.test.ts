import { fewFrames, launchBrowser, openContext } from '@parley/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { bundle, type PageServer, servePage } from './pages.ts'
import { openPath } from './udp-path.ts'

let browser: Browser
let server: PageServer
let page: Page
let outside: readonly string[]

beforeAll(async () => {
  server = await servePage(await bundle('packages/client/src/testing/mesh-page.ts'))
  browser = await launchBrowser({ args: [fewFrames] })
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

afterEach(async () => {
  const errors = await page.evaluate<string[]>('errors')
  await page.context().close()
  expect(errors).toEqual([])
  expect(outside).toEqual([])
})

async function open(): Promise<void> {
  const opened = await openContext(browser, server.origin)
  outside = opened.outside
  page = await opened.context.newPage()
  await page.goto(server.origin)
}

function evaluate<T = void>(script: string): Promise<T> {
  return page.evaluate<T>(`(async () => { ${script} })()`)
}

/** Runs a script in a fresh page; `world`, `until`, `meet` and `open` are what testing/mesh-page.ts offers. */
async function run<T>(script: string): Promise<T> {
  await open()
  return evaluate<T>(script)
}

/** Sees what `from` sends by its frames, and hears it. */
const watches = (of: string, from: string) => `
  await until(async () => (await world.received('${of}', '${from}', 'camera'))?.framesDecoded > 10, '${of} sees ${from}')
  await until(async () => (await world.received('${of}', '${from}', 'microphone'))?.totalAudioEnergy > 0, '${of} hears ${from}')
`

test('two whose first offers cross meet at once, over a slow wire that repeats itself', async () => {
  const result = await run<{ sent: string[][]; open: number; shown: boolean[] }>(`
    const world = new World({ delayMs: 80, duplicate: true })
    const [camera, microphone] = await Promise.all([device('camera'), device('microphone')])
    for (const id of ['a', 'b']) {
      world.enter(id)
      world.publish(id, 'microphone', microphone.clone())
      world.publish(id, 'camera', camera.clone())
    }
    ${watches('a', 'b')}
    ${watches('b', 'a')}
    const shown = await Promise.all([['a', 'b'], ['b', 'a']].map(([of, from]) => world.plays(of, from, 'camera')))
    const sent = ['a', 'b'].map(id => world.person(id).sent.flatMap(({ body }) => body.signal.description?.type ?? []))
    return { sent, open: open().length, shown }
  `)
  expect(result.sent).toEqual([['offer', 'answer'], ['offer']])
  expect(result.open).toBe(2)
  expect(result.shown).toEqual([true, true])
})

test('whoever comes later leaves the first offer to who was there; where none comes, they make it', async () => {
  const result = await run<{ sent: string[][]; open: number; late: number }>(`
    const [camera, microphone] = await Promise.all([device('camera'), device('microphone')])
    const world = new World({ delayMs: 80, inOrder: true })
    for (const id of ['a', 'b']) {
      world.enter(id)
      world.publish(id, 'microphone', microphone.clone())
      world.publish(id, 'camera', camera.clone())
    }
    ${watches('a', 'b')}
    ${watches('b', 'a')}
    const said = id => world.person(id).sent.flatMap(({ body }) => body.signal.description?.type ?? [])
    const result = { sent: ['a', 'b'].map(said), open: open().length }
    const quiet = new World({ inOrder: true })
    quiet.enter('silent')
    quiet.enter('late')
    await quiet.publish('late', 'camera', camera.clone())
    await until(async () => (await quiet.received('silent', 'late', 'camera'))?.framesDecoded > 10, 'the silent one sees')
    return { ...result, late: quiet.descriptions('late') }
  `)
  expect(result.sent).toEqual([['offer'], ['answer']])
  expect(result.open).toBe(2)
  expect(result.late).toBe(1)
})

test('a camera starts small, so that its first picture is not waited for, and is soon sent whole', async () => {
  const result = await run<number>(`
    const [camera] = (await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720 } })).getTracks()
    const world = new World()
    world.enter('a')
    world.enter('b')
    await world.publish('a', 'camera', camera)
    const sender = () => open().flatMap(c => c.getSenders()).find(({ track }) => track === camera)
    const scale = () => sender()?.getParameters().encodings[0]?.scaleResolutionDownBy
    await until(() => scale() === 2, 'it is sent small')
    const first = await until(async () => {
      const { framesDecoded, height } = (await world.received('b', 'a', 'camera')) ?? {}
      return framesDecoded > 0 && height
    }, 'b sees a')
    await until(() => scale() === 1, 'it is sent whole')
    return first
  `)
  expect(result).toBeLessThanOrEqual(360)
})

test('one who only watches receives, and sends nothing; who may not subscribe is sent nothing', async () => {
  const result = await run<{ sections: string[]; media: number }>(`
    const world = new World()
    world.enter('a')
    world.enter('watcher')
    world.enter('sender only', { subscribe: false })
    await world.publish('a', 'camera')
    await world.publish('sender only', 'camera')
    await until(async () => (await world.received('watcher', 'a', 'camera'))?.framesDecoded > 10, 'the watcher sees a')
    await until(async () => (await world.received('a', 'sender only', 'camera'))?.framesDecoded > 10, 'a sees the sender')
    const stats = await world.person('a').mesh.stats()
    return {
      sections: stats.flatMap(s => s.tracks.filter(t => t.direction === 'out').map(t => s.participant + ' ' + t.source)),
      media: world.person('sender only').media.size,
    }
  `)
  expect(result).toEqual({ sections: ['watcher camera'], media: 0 })
})

test('muting, unmuting with another track, replacing and publishing again cost no negotiation', async () => {
  const result = await run<{ before: number; after: number; frozen: number; transceivers: number }>(`
    const world = await meet()
    const before = world.descriptions('a') + world.descriptions('b')
    const frames = async () => (await world.received('b', 'a', 'camera')).framesDecoded
    world.mute('a', 'camera', true)
    await until(async () => { const was = await frames(); await frame(600); return await frames() === was }, 'no more frames')
    const frozen = await frames()
    await world.publish('a', 'camera') // another track from another camera
    world.mute('a', 'camera', false)
    await until(async () => await frames() > frozen + 10, 'frames again')
    await world.publish('a', 'camera')
    const replaced = await frames()
    await until(async () => await frames() > replaced + 10, 'frames from the replacement')
    world.mute('a', 'microphone', true)
    const energy = async () => (await world.received('b', 'a', 'microphone')).totalAudioEnergy
    await until(async () => { const was = await energy(); await frame(1500); return await energy() === was }, 'silence')
    world.mute('a', 'microphone', false)
    const silent = await energy()
    await until(async () => await energy() > silent, 'sound again')
    const after = world.descriptions('a') + world.descriptions('b')
    return { before, after, frozen, transceivers: open()[0].getTransceivers().length }
  `)
  expect(result.after).toBe(result.before)
  expect(result.transceivers).toBe(2)
})

test('a screen that stops and starts again uses the same media section', async () => {
  const result = await run<number[]>(`
    const world = await meet()
    await world.publish('a', 'screen')
    const { id } = world.person('a').published.get('screen')
    const arrived = () => world.person('b').media.get('a').get(id)
    await until(arrived, 'the screen arrives')
    const sections = [open()[0].getTransceivers().length]
    world.unpublish('a', 'screen')
    await until(() => !arrived(), 'the screen is gone')
    await world.publish('a', 'screen')
    await until(arrived, 'the screen arrives again')
    await until(async () => (await world.received('b', 'a', 'screen'))?.framesDecoded > 10, 'the screen is seen again')
    sections.push(open()[0].getTransceivers().length)
    return sections
  `)
  expect(result).toEqual([3, 3])
})

test('a change of network restarts ICE once for a pair, and pictures go on', async () => {
  const result = await run<{ changed: boolean[]; connections: number }>(`
    const world = await meet()
    const fragments = () => open().map(c => /a=ice-ufrag:(\\S+)/.exec(c.localDescription.sdp)[1])
    const before = fragments()
    world.person('a').mesh.networkChanged()
    world.person('b').mesh.networkChanged()
    await until(() => fragments().every((fragment, i) => fragment !== before[i]), 'both restarted')
    const seen = (await world.received('a', 'b', 'camera')).framesDecoded
    await until(async () => (await world.received('a', 'b', 'camera')).framesDecoded > seen + 10, 'pictures go on')
    return { changed: fragments().map((fragment, i) => fragment !== before[i]), connections: open().length }
  `)
  expect(result).toEqual({ changed: [true, true], connections: 2 })
})

test('a peer that starts again under the same id meets a new connection', async () => {
  const result = await run<string[]>(`
    const world = await meet()
    world.enter('b')
    await world.publish('b', 'camera')
    await world.publish('b', 'microphone')
    ${watches('a', 'b')}
    ${watches('b', 'a')}
    return open().map(c => c.connectionState)
  `)
  expect(result).toEqual(['connected', 'connected'])
})

test('a lost offer is made again', async () => {
  const result = await run<number>(`
    let lost = 0
    const world = new World({ haste: 5, lose: (from, to, { signal }) => signal.kind === 'description' && lost++ < 2 })
    world.enter('a')
    world.enter('b')
    await world.publish('a', 'camera')
    await until(async () => (await world.received('b', 'a', 'camera'))?.framesDecoded > 10, 'b sees a')
    return lost
  `)
  expect(result).toBeGreaterThan(2)
})

test('media goes on while signals cannot pass; what was published meanwhile follows', async () => {
  const result = await run<{ states: string[]; statuses: string[] }>(`
    const world = await meet({ haste: 5 })
    world.wire.lose = () => true
    world.setReachable(false)
    const seen = (await world.received('a', 'b', 'camera')).framesDecoded
    await world.publish('a', 'screen')
    await until(async () => (await world.received('a', 'b', 'camera')).framesDecoded > seen + 10, 'pictures go on')
    const states = open().map(c => c.connectionState)
    const statuses = [world.status('a', 'b').status, world.status('b', 'a').status]
    world.wire.lose = () => false
    world.setReachable(true)
    await until(async () => (await world.received('b', 'a', 'screen'))?.framesDecoded > 10, 'the screen arrives')
    return { states, statuses }
  `)
  expect(result).toEqual({ states: ['connected', 'connected'], statuses: ['connected', 'connected'] })
})

test('without a path it says so in plain words, goes on trying, and recovers by itself', async () => {
  const result = await run<{ failed: string[]; reasons: string[] }>(`
    const world = new World({ haste: 5, lose: (from, to, { signal }) => signal.kind === 'candidate' })
    const strip = body => ({ ...body, signal: { ...body.signal, description: {
      ...body.signal.description, sdp: body.signal.description.sdp.replace(/a=candidate:.*\\r\\n/g, '') } } })
    world.wire.change = body => body.signal.kind === 'description' ? strip(body) : body
    world.enter('a')
    world.enter('b')
    await world.publish('a', 'camera')
    const failed = await until(() => {
      const statuses = [world.status('a', 'b'), world.status('b', 'a')]
      return statuses.every(status => status?.status === 'failed') && statuses
    }, 'both call it failed')
    world.wire.lose = () => false
    world.wire.change = body => body
    await until(async () => (await world.received('b', 'a', 'camera'))?.framesDecoded > 10, 'b sees a')
    await until(() => world.status('a', 'b').status === 'connected', 'connected')
    return { failed: failed.map(({ status }) => status), reasons: failed.map(({ reason }) => reason) }
  `)
  expect(result.failed).toEqual(['failed', 'failed'])
  for (const reason of result.reasons) expect(reason).toMatch(/^No path was found between you: .*no relay/)
})

test('an answer to an offer that was taken back is dropped', async () => {
  const result = await run<{ early: string; connected: boolean }>(`
    const world = await meet({ haste: 5 })
    // What a says is held back, in order.
    const held = []
    world.wire.lose = (from, to, body) => from === 'a' && held.push(body) > 0
    const answers = () => held.filter(({ signal }) => signal.description?.type === 'answer')
    const b = world.person('b').mesh
    b.networkChanged()
    await until(() => answers().length === 1, 'the first answer is on its way')
    await until(() => { b.networkChanged(); return answers().length === 2 }, 'a second offer overtakes it')
    for (const body of held.splice(0, held.indexOf(answers()[1]))) b.receive('a', body)
    await frame(200)
    const early = open().map(c => c.signalingState).join()
    for (const body of held.splice(0)) b.receive('a', body)
    world.wire.lose = () => false
    await until(() => open().every(c => c.signalingState === 'stable'), 'the second answer is taken')
    const seen = (await world.received('a', 'b', 'camera')).framesDecoded
    await until(async () => (await world.received('a', 'b', 'camera')).framesDecoded > seen + 10, 'pictures go on')
    return { early, connected: open().every(c => c.connectionState === 'connected') }
  `)
  expect(result.early).toContain('have-local-offer')
  expect(result.connected).toBe(true)
})

test('several people: everybody sees everybody, each with a share of the upload', async () => {
  const result = await run<{ connections: number; limits: (number | undefined)[] }>(`
    const world = new World({ delayMs: 20 })
    const names = ['a', 'b', 'c', 'd']
    for (const name of names) {
      world.enter(name)
      await world.publish(name, 'camera')
    }
    for (const of of names) for (const from of names) if (of !== from) {
      await until(async () => (await world.received(of, from, 'camera'))?.framesDecoded > 10, of + ' sees ' + from)
    }
    const senders = open().flatMap(c => c.getSenders())
    return { connections: open().length, limits: senders.map(s => s.getParameters().encodings[0]?.maxBitrate) }
  `)
  expect(result.connections).toBe(12)
  expect(new Set(result.limits)).toEqual(new Set([700_000]))
})

test('loudness of others and of oneself; nothing of the muted', async () => {
  const result = await run<{ both: string[]; muted: string[] }>(`
    const world = await meet()
    const microphones = () => new Map(['a', 'b'].map(id => [id, world.person(id).published.get('microphone').id]))
    const both = await until(async () => {
      const levels = await world.person('a').mesh.levels(microphones())
      return levels.size === 2 && [...levels.keys()].sort()
    }, 'two voices')
    world.mute('b', 'microphone', true)
    const muted = await until(async () => {
      const levels = await world.person('a').mesh.levels(new Map([...microphones()].filter(([id]) => id === 'a')))
      return levels.size === 1 && [...levels.keys()]
    }, 'one voice')
    return { both, muted }
  `)
  expect(result).toEqual({ both: ['a', 'b'], muted: ['a'] })
})

test('a path that breaks is reconnecting, failed when it lasts, and back soon after the network is', async () => {
  const path = await openPath()
  try {
    await open()
    await page.exposeFunction('aim', path.aim)
    await evaluate(`
      globalThis.world = new World()
      world.leadThrough(${JSON.stringify(path.ports)}, aim)
      world.enter('a')
      world.enter('b')
      await Promise.all(['a', 'b'].map(id => world.publish(id, 'camera')))
      globalThis.watch = async (of, from) => {
        const before = (await world.received(of, from, 'camera'))?.framesDecoded ?? 0
        await until(async () => (await world.received(of, from, 'camera'))?.framesDecoded > before + 10, of + ' sees ' + from)
      }
      globalThis.both = status => until(() => world.status('a', 'b').status === status && world.status('b', 'a').status === status, status)
      await Promise.all([watch('a', 'b'), watch('b', 'a')])
    `)
    path.cut(true)
    await evaluate(`await both('reconnecting')`)
    await evaluate(`await both('failed')`)
    path.cut(false)
    const backMs = await evaluate<number>(`
      const since = performance.now()
      world.person('a').mesh.retry()
      world.person('b').mesh.retry()
      await both('connected')
      await Promise.all([watch('a', 'b'), watch('b', 'a')])
      return performance.now() - since
    `)
    expect(backMs).toBeLessThan(15_000)
    path.cut(true)
    await evaluate(`await both('reconnecting')`)
    path.cut(false)
    await evaluate(`await both('connected'); await Promise.all([watch('a', 'b'), watch('b', 'a')])`)
    expect(await evaluate('return open().length')).toBe(2)
  } finally {
    path.close()
  }
})
