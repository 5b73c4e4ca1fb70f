import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { enter, openSdkStage, publish, run, type SdkStage, sees } from './sdk-stage.ts'

let stage: SdkStage
beforeAll(async () => {
  stage = await openSdkStage()
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

const negotiations = (page: Page) => run<number>(page, 'return negotiations')

/** Ann, who sends, and Bob, who sees her; both through the SFU. */
async function watched(room: string): Promise<[Page, Page]> {
  const [ann, bob] = await Promise.all([stage.open(), stage.open()])
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
  const [ann, bob] = await Promise.all([stage.open(), stage.open()])
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

/** The layers of which frames are sent, by rid. */
const layersSent = (page: Page) =>
  run<string[]>(
    page,
    `const stats = async () => (await Promise.all(connections.map(connection => connection.getStats()))).flatMap(report => [...report.values()])
    const sent = async () => new Map(
      (await stats()).filter(({ type, rid }) => type === 'outbound-rtp' && rid).map(({ rid, framesSent }) => [rid, framesSent]))
    const captured = async () => (await stats()).find(({ type, kind }) => type === 'media-source' && kind === 'video')?.frames ?? 0
    const [before, first] = [await sent(), await captured()]
    await until(async () => (await captured()) >= first + 10, 'frames are captured')
    const now = await sent()
    return [...now.keys()].filter(rid => now.get(rid) > before.get(rid)).sort()`,
  )

test('a camera goes in three layers, of which only those are sent that somebody wants', async () => {
  const [ann, bob] = await Promise.all([stage.open(), stage.open()])
  await enter(ann, 'layers')
  await enter(bob, 'layers')
  await run(
    ann,
    `const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 })
    const paint = canvas.getContext('2d')
    setInterval(() => paint.fillRect(Math.random() * 999, 9, 9, 9), 100)
    await room.publish('camera', canvas.captureStream(10).getVideoTracks()[0])`,
  )
  await expect.poll(() => layersSent(ann)).toEqual(['f', 'h', 'q'])
  const before = [await negotiations(ann), await negotiations(bob)]
  await run(
    bob,
    `const [{ id: participant }] = room.state.participants
    globalThis.shown = document.body.appendChild(document.createElement('div'))
    shown.style = 'width: 320px; height: 180px'
    room.view(participant, ${track('camera')}.id, shown)`,
  )
  await expect.poll(() => layersSent(ann)).toEqual(['q'])
  const widths = () =>
    run<number[]>(
      bob,
      `return (await room.stats()).flatMap(({ tracks }) => tracks.flatMap(({ width }) => width ?? []))`,
    )
  await expect.poll(widths).toEqual([320])
  await run(bob, `shown.style.display = 'none'`)
  await expect.poll(() => layersSent(ann)).toEqual([])
  await stands(bob)
  await run(bob, `shown.style = 'width: 1280px; height: 720px'`)
  await expect.poll(() => layersSent(ann)).toEqual(['f', 'h', 'q'])
  await expect.poll(widths).toEqual([1280])
  expect([await negotiations(ann), await negotiations(bob)]).toEqual(before)
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
  await stage.parley.killEdge()
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
  await stage.parley.stop()
  await run(bob, `await until(() => room.state.status.status === 'reconnecting', 'it noticed')`)
  await stage.parley.start()
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
  const ann = await stage.open()
  await enter(ann, 'viewers')
  await publish(ann)
  const viewer = await stage.open()
  await enter(viewer, 'viewers', { token: await stage.parley.token('--no-publish', '--name', 'Viewer') })
  const refused = await run(viewer, `return publish(room).then(() => 'published', ({ code }) => code)`)
  expect(refused).toBe('not-allowed')
  await sees(viewer)
  expect(await run(viewer, 'return room.state.participants[0].connection')).toEqual({ status: 'connected' })
})
