import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type FakeSources, fakeSources } from './harness/fake-sources.ts'
import type { Person } from './harness/person.ts'
import { expectToSeeAndHear, openStage, type Stage } from './harness/stage.ts'

let sources: FakeSources
let stage: Stage
beforeAll(async () => {
  sources = await fakeSources()
  stage = await openStage({ browserFlags: sources.flags })
})
afterEach(() => stage.clear())
afterAll(async () => {
  await stage.close()
  await sources.close()
})

/** What the browser would do to the sound by itself is off, so that only what is tested is heard. */
const plainSound = `localStorage.setItem('parley.sound', localStorage.getItem('parley.sound') ??
  JSON.stringify({ noise: 'off', echoCancellation: false, autoGainControl: false }))`

const openEffects = async ({ page }: Person) => {
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Effects and sound' }).click()
  await page.getByRole('button', { name: 'Sepia' }).waitFor()
}
const press = ({ page }: Person, name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true }).click()

/** Ann, whose effects are open, and Bob, who sees and hears her. */
async function meet(room: string, initScript = '') {
  const ann = await stage.person('Ann', { initScript: `${plainSound};${initScript}` })
  const bob = await stage.person('Bob', { initScript: plainSound })
  await Promise.all([ann.enter(room), bob.enter(room)])
  await expectToSeeAndHear(bob, 1)
  return { ann, bob }
}

interface Look {
  /** How much neighbouring pixels differ in the corners of the picture, where no person is. */
  readonly detail: number
  /** How colourful the corners are. */
  readonly colour: number
  /** The mean of the corners: red, green, blue. */
  readonly mean: readonly number[]
  readonly frames: number
}

/** What Bob sees of Ann: the only video that is not his own. */
function look({ page }: { readonly page: Page }): Promise<Look> {
  return page.evaluate(() => {
    const videos = [...document.querySelectorAll('video')]
    const video = videos.find(({ srcObject }) => {
      const [track] = srcObject instanceof MediaStream ? srcObject.getVideoTracks() : []
      return track && 'remote' in track ? false : track?.label.length === 36 || !/fake|person/i.test(track?.label ?? '')
    })
    const canvas = new OffscreenCanvas(320, 180)
    const pen = canvas.getContext('2d')
    if (!video || !pen || video.videoWidth === 0) return { detail: -1, colour: -1, mean: [], frames: 0 }
    pen.drawImage(video, 0, 0, 320, 180)
    let [detail, colour, count] = [0, 0, 0]
    const mean = [0, 0, 0]
    for (const left of [4, 260]) {
      const { data, width, height } = pen.getImageData(left, 6, 56, 60)
      for (let y = 0; y < height; y++) {
        for (let x = 0; x + 1 < width; x++) {
          const i = (y * width + x) * 4
          const [r = 0, g = 0, b = 0, , r2 = 0, g2 = 0, b2 = 0] = data.subarray(i, i + 8)
          detail += Math.abs(r + g + b - r2 - g2 - b2) / 3
          colour += Math.max(r, g, b) - Math.min(r, g, b)
          for (const [k, value] of [r, g, b].entries()) mean[k] = (mean[k] ?? 0) + value
          count++
        }
      }
    }
    return {
      detail: detail / count,
      colour: colour / count,
      mean: mean.map(sum => sum / count),
      frames: video.getVideoPlaybackQuality().totalVideoFrames,
    }
  })
}

/** Waits until Bob's view of Ann is as told; fails with what it was. */
const untilSeen = (bob: Person, judge: (seen: Look) => boolean) =>
  expect.poll(async () => {
    const seen = await look(bob)
    return judge(seen) || seen
  }).toBe(true)

describe('the picture', () => {
  it('is plain, then blurred behind Ann when what is needed has come, then recoloured, then plain again', async () => {
    const { ann, bob } = await meet('blur')
    const plain = await look(bob)
    console.log('plain', plain)
    await openEffects(ann)
    await press(ann, 'Blur')
    for (let i = 0; i < 20; i++) { console.log(await look(bob)); await new Promise(r => setTimeout(r, 500)) }
    await untilSeen(bob, ({ detail }) => detail < plain.detail / 3)
  })
})
