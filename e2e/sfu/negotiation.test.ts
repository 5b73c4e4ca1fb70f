import { Whip } from '@parley/sfu'
import { launchBrowser } from '@parley/testkit'
import datachannel from 'node-datachannel'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { RTCPeerConnection, useH264, useOPUS, useSdesMid, useTransportWideCC, useVP8 } from 'werift'
import { peoplePage, type Recipe } from './people-page.ts'
import { Stage } from './stage.ts'

let browser: Browser
let page: Page
let stage: Stage

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())

beforeEach(async () => {
  await page?.close()
  page = await browser.newPage()
  await page.evaluate(`globalThis.people = (${peoplePage})()`)
  stage = new Stage(page)
})

function add(name: string, recipe: Recipe): Promise<number> {
  return page.evaluate(([person, what]) => people.add(person, what), [name, recipe] as const)
}

function stable(name: string): Promise<readonly string[]> {
  return page.evaluate(person => people.states(person), name)
}

test('two people send and receive sound and pictures', async () => {
  for (const name of ['ann', 'bob']) {
    await stage.join(name)
    await add(name, 'microphone')
    await add(name, 'camera')
    await stage.publish(name)
  }
  for (const name of ['ann', 'bob']) {
    expect(await stable(name)).toEqual(['stable', 'stable'])
    const received = await stage.received(name)
    expect(received.map(({ kind }) => kind)).toEqual(['audio', 'video'])
    // Microphone and camera are in one stream for lip-sync, and each in one of its own.
    const [sound, picture] = received
    expect(sound?.streams[0]).toBe(picture?.streams[0])
    expect(sound?.streams[1]).not.toBe(picture?.streams[1])
  }
  expect(stage.told('publish')).toHaveLength(4)
  const subscribed = stage.told('subscribe')
  expect(subscribed).toHaveLength(4)
  // Of what Chromium sends, what everybody decodes.
  const names = subscribed.flatMap(({ publication, media }) => {
    const published = stage.told('publish').find(({ publication: number }) => number === publication)?.media
    return media.payloadTypes.map(({ from }) => published?.codecs.find(codec => codec.payloadType === from)?.name)
  })
  expect([...new Set(names)].sort()).toEqual(['h264', 'opus', 'pcma', 'pcmu', 'vp8'])
  for (const { media } of subscribed) {
    expect(media.payloadTypes.every(({ rtx }) => (rtx !== undefined) === (media.rtxSsrc !== undefined))).toBe(true)
  }
  expect(stage.rooms.counters()).toMatchObject({ participants: 2, connections: 4, publications: 4, subscriptions: 4 })
})

test('every layer of simulcast is accepted', async () => {
  await stage.join('ann')
  await add('ann', 'simulcast')
  await stage.publish('ann')
  expect(await stable('ann')).toEqual(['stable', 'stable'])
  expect(stage.told('publish')[0]?.media.encodings.map(({ rid }) => rid)).toEqual(['l', 'm', 'h'])
})

test('data channels are turned down in their place, and the rest goes on', async () => {
  await stage.join('ann')
  await add('ann', 'data')
  await add('ann', 'camera')
  await stage.publish('ann')
  await add('ann', 'microphone')
  await stage.publish('ann')
  expect(await stable('ann')).toEqual(['stable', 'stable'])
  expect(stage.told('publish').map(({ media }) => media.kind)).toEqual(['video', 'audio'])
})

test('tracks stop and come back, sections are used again, ICE restarts, on both sides', async () => {
  await stage.join('ann')
  await stage.join('bob')
  await add('ann', 'microphone')
  const camera = await add('ann', 'camera')
  await stage.publish('ann')
  const mids = (await stage.received('bob')).map(({ mid }) => mid)

  await page.evaluate(index => people.direct('ann', index, 'inactive'), camera)
  await stage.publish('ann')
  expect((await stage.received('bob')).map(({ kind }) => kind)).toEqual(['audio'])
  await page.evaluate(index => people.direct('ann', index, 'sendonly'), camera)
  await stage.publish('ann')
  expect((await stage.received('bob')).map(({ mid }) => mid).sort()).toEqual(mids.sort())

  await page.evaluate(index => people.stop('ann', index), camera)
  await stage.publish('ann')
  await add('ann', 'screen')
  await stage.publish('ann')
  expect((await stage.received('bob')).map(({ mid }) => mid).sort()).toEqual(mids.sort())

  await page.evaluate(() => people.restart('ann'))
  await stage.publish('ann')
  expect(stage.told('restart')).toHaveLength(1)
  const subscribe = stage.lastConnection('bob')
  stage.receive('bob', 'subscribe', subscribe, { kind: 'restart' })
  await stage.settle()
  expect(stage.told('restart')).toHaveLength(2)
  expect(stage.told('remote')).toHaveLength(3)
  for (const name of ['ann', 'bob']) expect(await stable(name)).toEqual(['stable', 'stable'])
})

test('when the first section is used again, Chromium takes a new transport, and so do we', async () => {
  await stage.join('ann')
  await stage.join('bob')
  const camera = await add('ann', 'camera')
  await add('ann', 'microphone')
  await stage.publish('ann')
  await page.evaluate(index => people.stop('ann', index), camera)
  await stage.publish('ann')
  expect(stage.told('close')).toHaveLength(0)
  await add('ann', 'screen')
  await stage.publish('ann')
  const [first, bobs, second] = stage.told('open').map(({ transport }) => transport)
  expect(stage.told('close').map(({ transport }) => transport)).toEqual([first])
  expect(
    stage
      .told('publish')
      .slice(-2)
      .map(({ transport }) => transport),
  ).toEqual([second, second])
  expect(stage.told('subscribe').every(({ transport }) => transport === bobs)).toBe(true)
  expect(await stage.received('bob')).toHaveLength(2)
})

test('WHEP: Chromium takes the answer to its offer, and plays what is published by WHIP', async () => {
  const whip = new Whip(stage.rooms)
  await stage.join('viewer')
  await stage.join('encoder')
  await add('encoder', 'microphone')
  await add('encoder', 'camera')
  const { sdp } = await page.evaluate(() => people.offer('encoder'))
  const published = whip.publish('stage', 'encoder', sdp)
  stage.rooms.setTracks('stage', 'encoder', published.tracks)
  await page.evaluate(answer => people.answered('encoder', answer), published.sdp)
  const played = whip.play('stage', 'viewer', await page.evaluate(() => people.playOffer('viewer')))
  await page.evaluate(answer => people.played('viewer', answer), played.sdp)
  expect((await stage.received('viewer')).map(({ kind }) => kind)).toEqual(['audio', 'video'])
  expect(stage.told('subscribe')).toHaveLength(2)
})

/** An encoder's offer answered, and what it sends announced, as when it has connected. */
function published(whip: Whip, offer: string) {
  const answered = whip.publish('stage', 'obs', offer)
  stage.rooms.setTracks('stage', 'obs', answered.tracks)
  return answered
}

test('node-datachannel takes the answer to what it publishes, and to what it plays', async () => {
  const whip = new Whip(stage.rooms)
  for (const direction of ['SendOnly', 'RecvOnly'] as const) {
    const connection = new datachannel.PeerConnection(direction, { iceServers: [] })
    const video = new datachannel.Video('video', direction)
    video.addH264Codec(102)
    video.addVP8Codec(96)
    const audio = new datachannel.Audio('audio', direction)
    audio.addOpusCodec(111)
    const tracks = [connection.addTrack(video), connection.addTrack(audio)]
    connection.setLocalDescription()
    const offer = connection.localDescription()?.sdp ?? ''
    const { sdp } = direction === 'SendOnly' ? published(whip, offer) : whip.play('stage', 'tv', offer)
    connection.setRemoteDescription(sdp, 'answer')
    expect(connection.signalingState()).toBe('stable')
    expect(connection.remoteDescription()?.sdp).toContain('m=video')
    for (const track of tracks) track.close()
    connection.close()
  }
  expect(stage.told('subscribe')).toHaveLength(2)
})

test('werift takes the answer to what it publishes, and to what it plays', async () => {
  const whip = new Whip(stage.rooms)
  for (const direction of ['sendonly', 'recvonly'] as const) {
    const connection = new RTCPeerConnection({
      iceServers: [],
      codecs: { video: [useVP8(), useH264()], audio: [useOPUS()] },
      headerExtensions: { video: [useSdesMid(), useTransportWideCC()], audio: [useSdesMid()] },
    })
    for (const kind of ['video', 'audio'] as const) connection.addTransceiver(kind, { direction })
    await connection.setLocalDescription(await connection.createOffer())
    const offer = connection.localDescription?.sdp ?? ''
    const { sdp } = direction === 'sendonly' ? published(whip, offer) : whip.play('stage', 'tv', offer)
    await connection.setRemoteDescription({ type: 'answer', sdp })
    expect(connection.signalingState).toBe('stable')
    await connection.close()
  }
  expect(stage.told('subscribe')).toHaveLength(2)
})

test('people come and go for a while, and every description is taken', async () => {
  const names = ['ann', 'bob', 'cat', 'dan']
  const recipes = ['camera', 'microphone', 'screen', 'simulcast'] as const
  for (let round = 0; round < 24; round++) {
    const name = names[(round * 7 + (round >> 2)) % names.length] ?? ''
    if (round < names.length || round % 6 === 5) {
      stage.rooms.leave('room', name)
      await stage.join(name)
    }
    await add(name, recipes[round % recipes.length] ?? 'camera')
    if (round % 3 === 2) await page.evaluate(person => people.stop(person, 0), name)
    await stage.publish(name)
  }
  const { publications, participants, subscriptions } = stage.rooms.counters()
  expect(subscriptions).toBe(publications * (participants - 1))
  for (const name of names.slice(0, participants)) expect(await stable(name)).toEqual(['stable', 'stable'])
})
