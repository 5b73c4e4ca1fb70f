import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { openStage, type Stage } from '../harness/stage.ts'
import { type Heard, type WhipPage, whipPage } from './whip-page.ts'

declare const studio: WhipPage

let stage: Stage
let page: Page

beforeAll(async () => {
  stage = await openStage()
  const somebody = await stage.stranger()
  page = somebody.page
  await page.goto(stage.parley.url)
  await page.evaluate(`globalThis.studio = (${whipPage})()`)
})
afterEach(() => page.evaluate(() => studio.close()))
afterAll(async () => {
  await stage.clear()
  await stage.close()
})

function publish(name: string, room: string, ...codecs: readonly string[]): Promise<void> {
  return page.evaluate(([who, where, wanted]) => studio.publish(who, where, wanted), [name, room, codecs] as const)
}

function play(name: string, room: string): Promise<number> {
  return page.evaluate(([who, where]) => studio.play(who, where), [name, room] as const)
}

function heard(name: string): Promise<Heard> {
  return page.evaluate(who => studio.heard(who), name)
}

/** Waits until a player has decoded so many more frames, and heard more. */
async function expectMore(name: string, frames = 10): Promise<Heard> {
  const before = await heard(name)
  await expect
    .poll(
      async () => {
        const now = await heard(name)
        return now.framesDecoded > before.framesDecoded + frames && now.totalAudioEnergy > before.totalAudioEnergy
      },
      { interval: 250 },
    )
    .toBe(true)
  return heard(name)
}

it.each([
  ['video/VP8', 'audio/opus'],
  ['video/VP9', 'audio/PCMU'],
  ['video/H264', 'audio/PCMA'],
  ['video/AV1', 'audio/opus'],
])('%s and %s are seen and heard', async (video, audio) => {
  const canSend = await page.evaluate(mimeType => studio.canSend(mimeType), video)
  // Chromium without patented codecs has all others.
  if (!canSend) expect(video).toBe('video/H264')
  const room = `codec-${video.slice(6)}`.toLowerCase()
  await publish('camera', room, ...(canSend ? [video] : []), audio)
  await play('player', room)
  const { codecs } = await expectMore('player')
  expect(codecs).toEqual({ video: canSend ? video : expect.any(String), audio })
})

it('who comes late sees a picture within two seconds of being connected', async () => {
  await publish('camera', 'late', 'video/VP8')
  await play('early', 'late')
  await expectMore('early')
  const times = [await play('one', 'late'), await play('two', 'late'), await play('three', 'late')]
  expect(times.toSorted((a, b) => a - b)[1]).toBeLessThan(2000)
})

it('a publisher that changes its codec goes on being seen', async () => {
  // Both are what everybody decodes, and so both are agreed on.
  await publish('camera', 'change', 'video/VP8', 'video/H264')
  await play('player', 'change')
  expect((await expectMore('player', 10)).codecs.video).toBe('video/VP8')
  await page.evaluate(() => studio.sendWith('camera', 'video/H264'))
  await expect.poll(async () => (await heard('player')).codecs.video).toBe('video/H264')
  await expectMore('player')
})

it('media goes on when both sides restart ICE, over the new pair', async () => {
  await publish('camera', 'restart')
  await play('player', 'restart')
  await expectMore('player', 5)
  for (const name of ['camera', 'player']) {
    const line = await page.evaluate(who => studio.restart(who), name)
    const used = () => page.evaluate(who => studio.usedCredentials(who), name)
    await expect.poll(used).toEqual([line.replace('a=ice-ufrag:', '')])
  }
  await expectMore('player')
})

it('who cannot decode what is sent reads so on the tile, in place of the picture', async () => {
  await publish('camera', 'undecodable', 'video/AV1', 'audio/opus')
  const bob = await stage.person('Bob', { initScript: withoutAv1 })
  await bob.enter('undecodable')
  const tile = bob.page.getByRole('group').filter({ hasText: 'This picture cannot be shown' })
  await tile.getByText(/sends AV1.*, which this browser cannot decode/).waitFor()
})

/** As if the browser did not know AV1: no description of its own names it. */
const withoutAv1 = `{
  const Native = globalThis.RTCPeerConnection
  globalThis.RTCPeerConnection = class extends Native {
    get localDescription() {
      const { type, sdp } = super.localDescription ?? {}
      return type && { type, sdp: sdp.replaceAll('AV1/90000', 'AV0/90000') }
    }
  }
}`
