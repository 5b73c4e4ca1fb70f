import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { openStage, type Stage } from '../harness/stage.ts'
import { expectVerdict } from './looks.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterEach(() => stage.clear())
afterAll(() => stage.close())

async function open(): Promise<Page> {
  const { page } = await stage.stranger()
  await page.goto(`${stage.parley.url}/lab/sdp`)
  return page
}

const first = 'Offer, or any description'
const second = 'Answer, or another to compare with'
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** Offers and answers of this very browser: sound, picture, simulcast, data, and all of them. */
function describeAll(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true })
    const [audio] = stream.getAudioTracks()
    const [video] = stream.getVideoTracks()
    if (!audio || !video) throw new Error('no devices')
    const layers = {
      sendEncodings: [{ rid: 'q', scaleResolutionDownBy: 4 }, { rid: 'h', active: false }, { rid: 'f' }],
    }
    const kinds: ((connection: RTCPeerConnection) => unknown)[] = [
      connection => connection.addTrack(audio, stream),
      connection => connection.addTrack(video, stream),
      connection => connection.addTransceiver(video, { ...layers, streams: [stream] }),
      connection => connection.createDataChannel('data'),
      connection => {
        connection.addTrack(audio, stream)
        connection.addTransceiver(video, layers)
        connection.addTransceiver('video', { direction: 'recvonly' })
        connection.addTransceiver('audio', { direction: 'inactive' })
        connection.createDataChannel('data')
      },
    ]
    const texts: string[] = []
    const gathered = (connection: RTCPeerConnection) =>
      new Promise<void>(resolve => {
        const look = () => connection.iceGatheringState === 'complete' && resolve()
        connection.onicegatheringstatechange = look
        look()
      })
    for (const kind of kinds) {
      const caller = new RTCPeerConnection()
      const callee = new RTCPeerConnection()
      kind(caller)
      await caller.setLocalDescription()
      await gathered(caller)
      await callee.setRemoteDescription(caller.localDescription ?? { type: 'offer', sdp: '' })
      await callee.setLocalDescription()
      await gathered(callee)
      texts.push(caller.localDescription?.sdp ?? '', callee.localDescription?.sdp ?? '')
      caller.close()
      callee.close()
    }
    for (const track of stream.getTracks()) track.stop()
    return texts
  })
}

it('explains every line of what this Chromium offers and answers', async () => {
  const page = await open()
  const texts = await describeAll(page)
  expect(texts).toHaveLength(10)
  for (const text of texts) {
    await page.getByRole('textbox', { name: first }).fill(text)
    const lines = text.trim().split('\n').length
    await expect.poll(() => page.locator('[data-line=known]').count()).toBe(lines)
    expect(await page.locator('[data-line=unknown], [data-line=problem]').count()).toBe(0)
    await expectVerdict(page, 'pass')
    // Every explanation cites where it is laid down.
    expect(
      await page
        .locator('[data-line] p:last-child')
        .evaluateAll(all => all.filter(p => !/(RFC \d+|AV1|draft-|webrtc\.org|3GPP)/.test(p.textContent ?? '')).length),
    ).toBe(0)
  }
})

it('lays an answer beside its offer, and shows what differs', async () => {
  const page = await open()
  await press(page, 'Make a loopback call')
  await page.locator('[data-finding=agreed][data-status=pass]').waitFor()
  await press(page, 'What was agreed')
  await expect.poll(() => page.locator('[data-agreement=agreed]').count()).toBe(2)
  await press(page, 'Differences')
  await expect.poll(() => page.locator('[data-diff=changed]').count()).toBeGreaterThan(0)
  expect(await page.locator('[data-diff=same]').count()).toBe(0)
  await press(page, 'Only what differs')
  await expect.poll(() => page.locator('[data-diff=same]').count()).toBeGreaterThan(50)
})

it('says what is wrong with a damaged or incomplete description', async () => {
  const page = await open()
  const box = page.getByRole('textbox', { name: first })
  await box.fill('hello')
  await expectVerdict(page, 'fail')
  await page.getByText('This is not a complete session description.').first().waitFor()
  await box.fill('v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\nm=audio 9 UDP/TLS/RTP/SAVPF 111\nbroken line\na=made-up:1\n')
  await page.locator('[data-finding=fingerprint][data-status=fail]').waitFor()
  await page.locator('[data-finding=ice][data-status=fail]').waitFor()
  await expect.poll(() => page.locator('[data-line=problem]').count()).toBe(1)
  await expect.poll(() => page.locator('[data-line=unknown]').count()).toBe(1)
})

it('tries an edited offer on a new call: one that works, one that the browser refuses', async () => {
  const page = await open()
  await press(page, 'Make a loopback call')
  await page.locator('[data-finding=agreed]').waitFor()
  await press(page, 'Edit and try')
  const editor = page.getByRole('textbox', { name: 'The offer to try' })
  const offer = await editor.inputValue()
  await editor.fill(offer.replace(/a=sendrecv/g, 'a=sendonly'))
  await press(page, 'Try in a loopback call')
  await page.getByText('It works: the loopback call connected').waitFor()
  await editor.fill(offer.replace(/^m=audio.*$/m, 'm=audio nonsense'))
  await press(page, 'Try in a loopback call')
  await page.getByText(/^It does not work: \w+/).waitFor()
})

it('takes a description from a meeting in another tab', async () => {
  const [ann] = await stage.meet('watched', 'Ann', 'Bob')
  const lab = await ann.context.newPage()
  await lab.goto(`${stage.parley.url}/lab/sdp`)
  const source = lab.getByLabel(`${first}: Take it from`)
  await expect
    .poll(() => source.locator('option').allInnerTexts())
    .toEqual(expect.arrayContaining([expect.stringContaining('watched')]))
  const option = source.locator('option', { hasText: 'what this side described' }).first()
  await source.selectOption((await option.getAttribute('value')) ?? '')
  await expectVerdict(lab, 'pass')
  await expect.poll(() => lab.getByRole('textbox', { name: first }).inputValue()).toMatch(/^v=0/)
  await expect.poll(() => lab.getByRole('textbox', { name: second }).inputValue()).toBe('')
})
