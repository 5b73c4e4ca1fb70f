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
const press = ({ page }: Person, name: string) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click()

/** Ann, whose effects are open, and Bob, who sees and hears her. */
async function meet(room: string, initScript = '') {
  const ann = await stage.person('Ann', { initScript: `${plainSound};${initScript}` })
  const bob = await stage.person('Bob', { initScript: plainSound })
  await Promise.all([ann.enter(room), bob.enter(room)])
  await expectToSeeAndHear(bob, 1)
  await openEffects(ann)
  return { ann, bob }
}

interface Look {
  /** How much neighbouring pixels differ in the upper corners of the picture, where no person is, 0..255. */
  readonly detail: number
  /** How colourful the corners are, 0..255. */
  readonly colour: number
  /** How bright they are, 0..255. */
  readonly bright: number
  readonly frames: number
}

/** What a page shows of the only other person. */
function look({ page }: Person): Promise<Look | undefined> {
  return page.evaluate(() => {
    const connections = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
    const theirs = connections.flatMap(connection => connection.getReceivers().map(({ track }) => track))
    const video = [...document.querySelectorAll('video')].find(
      ({ srcObject }) =>
        srcObject instanceof MediaStream && srcObject.getVideoTracks().some(track => theirs.includes(track)),
    )
    const pen = new OffscreenCanvas(320, 180).getContext('2d')
    if (!video || !pen || video.videoWidth === 0) return undefined
    pen.drawImage(video, 0, 0, 320, 180)
    let [detail, colour, bright, count] = [0, 0, 0, 0]
    for (const left of [4, 260]) {
      const { data, width, height } = pen.getImageData(left, 6, 56, 60)
      for (let i = 0; i + 7 < width * height * 4; i += 4) {
        const [r = 0, g = 0, b = 0, , r2 = 0, g2 = 0, b2 = 0] = data.subarray(i, i + 8)
        detail += Math.abs(r + g + b - r2 - g2 - b2) / 3
        colour += Math.max(r, g, b) - Math.min(r, g, b)
        bright += (r + g + b) / 3
        count++
      }
    }
    const frames = video.getVideoPlaybackQuality().totalVideoFrames
    return { detail: detail / count, colour: colour / count, bright: bright / count, frames }
  })
}

/** Waits until a page shows of the other person what is told, in pictures that came later than now. */
async function untilSeen(person: Person, judge: (seen: Look) => boolean): Promise<Look> {
  const { frames = 0 } = (await look(person)) ?? {}
  let last: Look | undefined
  await expect
    .poll(async () => {
      last = await look(person)
      return last && last.frames > frames + 3 && judge(last) ? 'as told' : last
    })
    .toBe('as told')
  if (!last) throw new Error('nothing was seen')
  return last
}

const isPlain = ({ detail, colour, bright }: Look) => detail > 6 && colour > 120 && bright > 70

/** Holds back what effects fetch, by the end of its address, or refuses it. */
async function intercept({ page }: Person, file: string, refuse = false) {
  let release = () => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  const address = new RegExp(`/assets/effects-[^/]+/${file}$`)
  await page.context().route(address, async route => {
    if (refuse) return route.abort()
    await released
    await route.continue()
  })
  return { release, stop: () => page.context().unroute(address) }
}

describe('the picture', () => {
  it('is recoloured for others, hidden or blurred behind Ann, and plain in between, without a break', async () => {
    const { ann, bob } = await meet('picture')
    await untilSeen(bob, isPlain)

    await press(ann, 'Black and white')
    await untilSeen(bob, ({ colour, detail }) => colour < 25 && detail > 6)
    await press(ann, 'As they are')
    await untilSeen(bob, isPlain)

    const program = await intercept(ann, 'selfie_segmentation_solution_simd_wasm_bin.wasm')
    await press(ann, 'Night')
    await ann.page.getByText('Getting the effect ready…').waitFor()
    await untilSeen(bob, isPlain)
    program.release()
    await untilSeen(bob, ({ bright, detail }) => bright < 60 && detail < 4)
    await press(ann, 'Blur')
    await untilSeen(bob, ({ bright, detail }) => bright > 70 && detail < 4)
    await press(ann, 'Remove all effects')
    await untilSeen(bob, isPlain)
  })

  it('stays as it is when an effect cannot be loaded, which is said, and tried again by a button', async () => {
    const { ann, bob } = await meet('refused')
    const faces = await intercept(ann, 'human.esm.js', true)
    await press(ann, 'Sepia')
    await untilSeen(bob, ({ colour }) => colour < 100)
    await press(ann, 'Crown')
    await ann.page.getByText('What the effect needs could not be loaded. What you had before stays.').first().waitFor()
    await untilSeen(bob, ({ colour }) => colour < 100)
    await faces.stop()
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click()
    await ann.page.getByRole('dialog').getByText('Getting the effect ready…').waitFor()
    await ann.page.getByRole('dialog').getByText('Getting the effect ready…').waitFor({ state: 'detached' })
    await ann.page.getByRole('dialog').getByText('The effects are off').waitFor({ state: 'detached' })
    await untilSeen(bob, ({ colour }) => colour < 100)
  })

  it('keeps its effect when the camera goes off and on, whose light goes out, and when the page is loaded again', async () => {
    const { ann, bob } = await meet('again', `(${watchCameras})()`)
    await press(ann, 'Black and white')
    await untilSeen(bob, ({ colour }) => colour < 25)
    await ann.page.keyboard.press('Escape')
    const cameras = () => ann.page.evaluate(() => Reflect.get(globalThis, '__cameras')() as string[])
    await ann.page.getByRole('button', { name: 'Turn camera off' }).click()
    await expect.poll(async () => (await cameras()).includes('live')).toBe(false)
    await ann.page.getByRole('button', { name: 'Turn camera off' }).click()
    await untilSeen(bob, ({ colour }) => colour < 25)
    await ann.enter('again')
    await untilSeen(bob, ({ colour }) => colour < 25)
  })

  it('is plain where the browser has no WebGL, which is said', async () => {
    const { ann, bob } = await meet('flat', `(${withoutWebGl})()`)
    await press(ann, 'Sepia')
    await ann.page
      .getByText(/This browser does not let pages draw with WebGL 2/)
      .first()
      .waitFor()
    await untilSeen(bob, isPlain)
  })
})

describe('the sound', () => {
  it('loses its noise, standard or strong, and has it again when it is switched off', async () => {
    const { ann, bob } = await meet('sound')
    const noise = ann.page.getByRole('combobox', { name: 'Noise suppression' })
    const loud = await level(bob)
    expect(loud).toBeGreaterThan(-40)
    for (const choice of ['strong', 'standard']) {
      await noise.selectOption(choice)
      await untilHeard(bob, heard => heard < loud - 10)
      await noise.selectOption('off')
      await untilHeard(bob, heard => heard > loud - 3)
    }
  })

  it('goes on where the model cannot be loaded, which is said', async () => {
    const { ann, bob } = await meet('fan')
    const loud = await level(bob)
    const model = await intercept(ann, 'gtcrn.wasm', true)
    await ann.page.getByRole('combobox', { name: 'Noise suppression' }).selectOption('strong')
    await ann.page.getByText('Noise suppression is not available').first().waitFor()
    await expectToSeeAndHear(bob, 1)
    await model.stop()
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click()
    await untilHeard(bob, heard => heard < loud - 10)
  })
})

/** Waits until what arrives is as loud as told, for several seconds on end: on a busy machine sound drops out for moments. */
async function untilHeard(person: Person, judge: (heard: number) => boolean): Promise<void> {
  await expect
    .poll(async () => {
      const heard: number[] = []
      while (heard.length < 4) {
        const next = await level(person)
        heard.push(next)
        if (!judge(next)) break
      }
      return heard.every(judge) ? 'as told' : heard
    })
    .toBe('as told')
}

/** How loud what arrives is, dBFS, over so many further sounds as a second has. */
async function level({ page }: Person): Promise<number> {
  const [energy, seconds] = await page.evaluate(async () => {
    const connections = Reflect.get(globalThis, '__peerConnections') as RTCPeerConnection[]
    const measure = async () => {
      let sum = [0, 0]
      for (const connection of connections) {
        for (const entry of (await connection.getStats()).values()) {
          if (entry.type !== 'inbound-rtp' || entry.kind !== 'audio') continue
          sum = [(sum[0] ?? 0) + (entry.totalAudioEnergy ?? 0), (sum[1] ?? 0) + (entry.totalSamplesDuration ?? 0)]
        }
      }
      return sum
    }
    const before = await measure()
    for (;;) {
      await new Promise(resolve => setTimeout(resolve, 200))
      const now = await measure()
      const past = now.map((value, i) => value - (before[i] ?? 0))
      if ((past[1] ?? 0) >= 1) return past
    }
  })
  return 10 * Math.log10((energy ?? 0) / (seconds ?? 1) || 1e-12)
}

/** Keeps the tracks that cameras were opened with, so that a test can ask whether their light is on. */
function watchCameras(): void {
  const media = navigator.mediaDevices
  const cameras: MediaStreamTrack[] = []
  const getUserMedia = media.getUserMedia.bind(media)
  media.getUserMedia = async constraints => {
    const stream = await getUserMedia(constraints)
    cameras.push(...stream.getVideoTracks())
    return stream
  }
  Object.assign(globalThis, { __cameras: () => cameras.map(({ readyState }) => readyState) })
}

function withoutWebGl(): void {
  const getContext = OffscreenCanvas.prototype.getContext
  OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, kind: string, ...options: unknown[]) {
    return kind === 'webgl2' ? null : Reflect.apply(getContext, this, [kind, ...options])
  } as typeof getContext
}
