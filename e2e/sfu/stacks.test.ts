import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { inspectors, PayloadInfo, RtpPacket } from '@parley/rtp'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { expectToSeeAndHear, openStage, type Stage } from '../harness/stage.ts'
import { type Exchange, foreignStacks, type Kind } from './foreign-stacks.ts'
import { type PythonStack, pythonPeer } from './peers/python-peer.ts'
import { type WhipPage, whipPage } from './whip-page.ts'

declare const studio: WhipPage

let stage: Stage
let ca: Buffer
const ending: (() => void | Promise<void>)[] = []

beforeAll(async () => {
  stage = await openStage()
  ca = await readFile(join(stage.parley.dataDir, 'authority.crt'))
})
afterEach(async () => {
  for (const end of ending.splice(0)) await end()
  await stage.clear()
})
afterAll(() => stage.close())

const exchangeAt =
  (path: string): Exchange =>
  offer =>
    new Promise((resolve, reject) => {
      const { port } = stage.parley
      const headers = { 'content-type': 'application/sdp' }
      const asking = request({ host: 'localhost', port, path, method: 'POST', ca, headers }, async answer => {
        const body = Buffer.concat(await answer.toArray()).toString()
        if (answer.statusCode === 201) resolve(body)
        else reject(new Error(`${answer.statusCode} ${body}`))
      })
      asking.on('error', reject)
      asking.end(offer)
    })

const names = Object.keys(foreignStacks) as (keyof typeof foreignStacks)[]

it.each(names)('%s publishes by WHIP: a person in Chromium sees and hears it', async name => {
  const { close } = await foreignStacks[name].publish(exchangeAt(`/whip/from-${name}`))
  ending.push(close)
  const ann = await stage.person('Ann')
  await ann.enter(`from-${name}`)
  await expectToSeeAndHear(ann, 1)
})

const inPython: readonly PythonStack[] = ['aiortc', 'gstreamer']

it.each(inPython)('%s publishes by WHIP: a person in Chromium sees and hears it', async name => {
  const { close } = await pythonPeer(name, 'publish', exchangeAt(`/whip/from-${name}`))
  ending.push(close)
  const ann = await stage.person('Ann')
  await ann.enter(`from-${name}`)
  await expectToSeeAndHear(ann, 1)
})

it.each(inPython)('%s plays by WHEP what Chromium publishes', async name => {
  const room = `to-${name}`
  const somebody = await stage.stranger()
  await somebody.page.goto(stage.parley.url)
  await somebody.page.evaluate(`globalThis.studio = (${whipPage})()`)
  await somebody.page.evaluate(where => studio.publish('camera', where, ['video/VP8', 'audio/opus']), room)
  const decoded: Record<Kind, number> = { video: 0, audio: 0 }
  const { close } = await pythonPeer(name, 'play', exchangeAt(`/whep/${room}`), kind => decoded[kind]++)
  ending.push(close)
  await expect.poll(() => decoded.video > 30 && decoded.audio > 100).toBe(true)
})

it.each(names)('%s plays by WHEP what Chromium publishes: from a key frame on, without a gap', async name => {
  const room = `to-${name}`
  const somebody = await stage.stranger()
  await somebody.page.goto(stage.parley.url)
  await somebody.page.evaluate(`globalThis.studio = (${whipPage})()`)
  await somebody.page.evaluate(where => studio.publish('camera', where, ['video/VP8', 'audio/opus']), room)

  const packets: Record<Kind, RtpPacket[]> = { video: [], audio: [] }
  const { close } = await foreignStacks[name].play(exchangeAt(`/whep/${room}`), (kind, bytes) => {
    const packet = new RtpPacket()
    expect(packet.parse(bytes, 0, bytes.length)).toBe(true)
    packets[kind].push(packet)
  })
  ending.push(close)
  const enough = () => packets.video.filter(({ marker }) => marker).length > 30 && packets.audio.length > 100
  await expect.poll(enough).toBe(true)

  for (const received of Object.values(packets)) {
    const [first] = received
    expect(new Set(received.map(({ ssrc }) => ssrc)).size).toBe(1)
    expect(received.map(({ sequenceNumber }) => sequenceNumber)).toEqual(
      received.map((_, index) => ((first?.sequenceNumber ?? 0) + index) & 0xffff),
    )
  }
  const info = new PayloadInfo()
  const [picture] = packets.video
  if (!picture) throw new Error('no picture')
  const { bytes, payloadStart, payloadEnd } = picture
  expect(inspectors.get('vp8')?.(bytes, payloadStart, payloadEnd, info)).toBe(true)
  expect([info.keyFrame, info.startOfFrame]).toEqual([true, true])
})
