import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundle } from '../client/pages.ts'
import { openStage, type Stage } from '../harness/stage.ts'

const people = 12
const perPage = 6

let stage: Stage
let script: string

beforeAll(async () => {
  script = await bundle('packages/client/src/testing/session-page.ts')
  stage = await openStage({
    flags: ['--topology', 'sfu'],
    browserFlags: ['--use-fake-device-for-media-stream=fps=5', '--autoplay-policy=no-user-gesture-required'],
  })
})
afterAll(async () => {
  await stage.clear()
  await stage.close()
})

/** A page with several people in it, each with a session, a camera and a microphone of their own. */
async function arrive(first: number): Promise<Page> {
  const { page } = await stage.stranger()
  await page.goto(stage.parley.url)
  await page.evaluate(script)
  const names = Array.from({ length: perPage }, (_, index) => `Person ${first + index}`)
  await page.evaluate(`(async () => {
    const video = { width: 160, height: 120, frameRate: 5 }
    const devices = await navigator.mediaDevices.getUserMedia({ audio: true, video })
    globalThis.rooms = await Promise.all(${JSON.stringify(names)}.map(async name => {
      const session = await connect('/', { name })
      const room = await session.join('crowd')
      listen(room)
      const { camera, microphone } = { camera: devices.getVideoTracks()[0], microphone: devices.getAudioTracks()[0] }
      await Promise.all([room.publish('camera', camera.clone()), room.publish('microphone', microphone.clone())])
      return room
    }))
  })()`)
  return page
}

/** For each person of a page: how many others they have seen move, and heard. */
function perceived(page: Page): Promise<{ seen: number; heard: number }[]> {
  return page.evaluate(`Promise.all(rooms.map(async room => {
    const others = (await room.stats()).filter(({ participant }) => participant !== room.state.self.id)
    const count = fits => others.filter(({ tracks }) => tracks.some(track => track.direction === 'in' && fits(track))).length
    return { seen: count(track => track.framesDecoded > 30), heard: count(track => track.totalAudioEnergy > 0) }
  }))`)
}

it('twelve people in one room: everybody decodes and hears everybody', async () => {
  const pages = await Promise.all([arrive(1), arrive(1 + perPage)])
  const everybody = Array(people).fill({ seen: people - 1, heard: people - 1 })
  await expect.poll(async () => (await Promise.all(pages.map(perceived))).flat(), { interval: 1000 }).toEqual(everybody)
  expect((await Promise.all(pages.map(page => page.evaluate('errors')))).flat()).toEqual([])
})
