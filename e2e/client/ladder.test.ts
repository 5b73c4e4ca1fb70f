// How a room climbs from mesh to SFU and back.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { enter, openSdkStage, publish, run, type SdkStage, sees } from './sdk-stage.ts'

let stage: SdkStage
beforeAll(async () => {
  stage = await openSdkStage()
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

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

test('the server starts anew after a while: nobody leaves to come back, and the three are no mesh in between', async () => {
  const pages = await Promise.all([stage.open(), stage.open(), stage.open()])
  for (const page of pages) {
    await enter(page, 'outlived', { topology: 'auto' })
    await publish(page)
  }
  await Promise.all(pages.map(page => sees(page)))
  for (const page of pages) await run(page, watchRoom)
  await stage.parley.kill()
  const live = `connections.filter(({ connectionState }) => connectionState === 'connected').length`
  for (const page of pages) await run(page, `await until(() => ${live} === 0, 'the SFU is gone', 40000)`)
  await stage.parley.start()
  for (const page of pages) {
    await run(page, `await until(() => room.state.status.status === 'connected', 'back', 30000)`)
    await run(page, `await until(() => ${live} === 2, 'two connections', 30000)`)
  }
  await Promise.all(pages.map(page => sees(page)))
  for (const page of pages) expect(await run(page, 'return [ways, comings]')).toEqual([['sfu'], []])
})

test('two who have no path to each other meet through the SFU, and stay there when a third has come and gone', async () => {
  const [ann, bob] = await Promise.all([stage.open(noPathToPeople), stage.open(noPathToPeople)])
  for (const page of [ann, bob]) {
    await enter(page, 'apart', { topology: 'auto' })
    await publish(page)
  }
  await run(ann, watchRoom)
  for (const page of [ann, bob])
    await run(page, `await until(() => room.state.topology.now === 'sfu', 'the SFU', 40000)`)
  await Promise.all([sees(ann), sees(bob)])
  await run(bob, watchFrames)

  const cho = await stage.open(noPathToPeople)
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

test('two who are left go back to a mesh though a camera is muted, and who comes just then lifts them again', async () => {
  const [ann, bob, cho] = await Promise.all([stage.open(), stage.open(), stage.open()])
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
  for (const page of [ann, bob, cho]) await sees(page)
})
