import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectToSeeAndHear, openStage, type Stage } from './harness/stage.ts'

describe('allowed', () => {
  const stage = stageFor([])

  it('the green room shows oneself, a live meter, and records and plays back', async () => {
    const ann = await stage().person('Ann')
    await ann.page.goto(`${stage().parley.url}/r/devices`)
    const preview = ann.page.locator('video').first()
    await expect.poll(() => preview.evaluate(video => (video as HTMLVideoElement).videoWidth)).toBeGreaterThan(0)
    await ann.page.getByRole('button', { name: 'Record and play back' }).click()
    await ann.page.getByText('Playing back…').first().waitFor()
    await ann.page.getByRole('button', { name: 'Record and play back' }).waitFor()
  })

  it('an older browser without Web Audio, which keeps its devices secret, joins and is seen', async () => {
    const ann = await stage().person('Ann', { initScript: `(${bare})()` })
    const errors: string[] = []
    ann.page.on('pageerror', error => errors.push(String(error)))
    const bob = await stage().person('Bob')
    await ann.enter('bare')
    await bob.enter('bare')
    await Promise.all([expectToSeeAndHear(ann, 1), expectToSeeAndHear(bob, 1)])
    expect(errors).toEqual([])
  })

  it('what was chosen before joining is honoured inside', async () => {
    const ann = await stage().person('Ann')
    await ann.page.goto(`${stage().parley.url}/r/devices`)
    await ann.page.getByRole('button', { name: 'Mute microphone' }).click()
    await ann.page.getByRole('button', { name: 'Turn camera off' }).click()
    await ann.page.getByRole('button', { name: 'Join', exact: true }).click()
    await ann.page.getByRole('button', { name: 'Mute microphone', pressed: true }).waitFor()
    await ann.page.getByRole('button', { name: 'Turn camera off', pressed: true }).waitFor()
  })

  /** Ann, whose camera can be taken away, and Bob, who sees her. */
  async function meetPluggable(room: string) {
    const ann = await stage().person('Ann', { initScript: `(${pluggable})()` })
    const bob = await stage().person('Bob')
    await Promise.all([ann.enter(room), bob.enter(room)])
    await expectToSeeAndHear(bob, 1)
    return { ann, bob }
  }

  it('a camera that is unplugged in the meeting is replaced by another, and the others go on seeing', async () => {
    const { ann, bob } = await meetPluggable('unplug')
    await ann.page.evaluate(() => Reflect.get(globalThis, '__unplugCamera')())
    await ann.page
      .getByText(/was unplugged/)
      .first()
      .waitFor()
    await expectToSeeAndHear(bob, 1)
  })

  it('a camera whose permission is withdrawn in the meeting is said to be gone, and started again by a button', async () => {
    const { ann, bob } = await meetPluggable('withdrawn')
    await ann.page.evaluate(() => Reflect.get(globalThis, '__withdrawCamera')())
    const note = ann.page.getByRole('group').filter({ hasText: 'The camera cannot be used' })
    await note.getByText('Allow it in the browser’s site settings, then try again.').waitFor()
    await bob.page
      .getByLabel(/Ann.*camera off/)
      .first()
      .waitFor()
    await ann.page.evaluate(() => Reflect.get(globalThis, '__allowCamera')())
    await note.getByRole('button', { name: 'Try again' }).click()
    await expectToSeeAndHear(bob, 1)
  })
})

describe('denied', () => {
  const stage = stageFor(['--use-fake-ui-for-media-stream=deny'])

  it('says so with the steps for this browser, and lets one join to watch and listen', async () => {
    const ann = await stage().person('Ann', { permissions: [] })
    await ann.page.goto(`${stage().parley.url}/r/denied`)
    await ann.page.getByText('Microphone and camera are blocked').first().waitFor()
    await ann.page.getByText('Click the icon at the left end of the address bar.').first().waitFor()
    await ann.page.getByRole('button', { name: 'Join to watch and listen' }).click()
    await ann.page.getByRole('button', { name: 'Leave' }).waitFor()
  })
})

describe('missing', () => {
  const stage = stageFor(['--use-fake-device-for-media-stream=device-count=0'])

  it('a missing camera is named, the microphone works', async () => {
    const ann = await stage().person('Ann')
    await ann.page.goto(`${stage().parley.url}/r/missing`)
    await ann.page.getByText('No camera found').first().waitFor()
    await ann.page.getByRole('button', { name: /^join/i }).click()
    await ann.page.getByRole('button', { name: 'Leave' }).waitFor()
  })
})

function stageFor(browserFlags: readonly string[]): () => Stage {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage({ browserFlags })
  })
  afterEach(() => stage.clear())
  afterAll(() => stage.close())
  return () => stage
}

/** Takes away what browsers of 2022 do not have, and what extensions take away. */
function bare(): void {
  const absent: readonly (readonly [object, string])[] = [
    [globalThis, 'AudioContext'],
    [RTCRtpSender, 'getCapabilities'],
    [URL, 'canParse'],
    [Array.prototype, 'toReversed'],
    [Promise, 'withResolvers'],
  ]
  for (const [owner, name] of absent) Reflect.deleteProperty(owner, name)
  MediaDevices.prototype.enumerateDevices = () => Promise.reject(new DOMException('secret', 'NotAllowedError'))
}

/**
 * Chromium's fake devices cannot be unplugged, nor a permission be withdrawn that a flag has given: this ends the camera's
 * track, and hides the device or refuses it.
 */
function pluggable(): void {
  const media = navigator.mediaDevices
  const cameras: MediaStreamTrack[] = []
  let gone: string | undefined
  let allowed = true
  const getUserMedia = media.getUserMedia.bind(media)
  const enumerateDevices = media.enumerateDevices.bind(media)
  media.getUserMedia = async constraints => {
    if (!allowed && constraints?.video) throw new DOMException('Permission denied', 'NotAllowedError')
    const stream = await getUserMedia(constraints)
    cameras.push(...stream.getVideoTracks())
    return stream
  }
  media.enumerateDevices = async () => (await enumerateDevices()).filter(device => device.deviceId !== gone)
  const end = () => {
    const camera = cameras.findLast(track => track.readyState === 'live')
    camera?.stop()
    camera?.dispatchEvent(new Event('ended'))
    return camera
  }
  Object.assign(globalThis, {
    __unplugCamera: () => {
      gone = end()?.getSettings().deviceId
      media.dispatchEvent(new Event('devicechange'))
    },
    __withdrawCamera: () => {
      allowed = false
      end()
    },
    __allowCamera: () => {
      allowed = true
    },
  })
}
