import type { SubscriptionWish } from '@parley/protocol'
import { describe, expect, test } from 'vitest'
import { wantAll } from '../control.ts'
import { isRtp } from '../sdp/model.ts'
import { parseDescription } from '../sdp/parse.ts'
import { readDescription } from '../sdp/testing/descriptions.ts'
import { codecs } from './testing/client.ts'
import { sdpOf, two, World } from './testing/world.ts'

describe('publish and subscribe', () => {
  test('what one publishes and announces is offered to the other, and flows once it is answered', () => {
    const { world, ann, bob } = two()
    ann.publish({ kind: 'video' })
    expect(ann.heard[0]).toMatchObject({ side: 'publish', connection: 'p0', seq: 0, signal: { answers: 0 } })
    const [offer] = bob.inbox
    expect(offer?.signal).toMatchObject({ tracks: [{ mid: '0', participant: 'ann', track: 'ann-video-0' }] })
    expect(world.of('open').map(({ remote }) => remote?.ice.ufrag)).toEqual(['client0', undefined])
    expect(world.of('subscribe')).toEqual([])
    bob.answer()
    const [publish] = world.of('publish')
    const [subscribe] = world.of('subscribe')
    expect(subscribe).toMatchObject({ publication: publish?.publication, want: wantAll, media: { mid: '0' } })
    const sources = parseDescription(sdpOf(offer)).sections.flatMap(s => (isRtp(s) ? s.sources : []))
    expect(sources.map(({ ssrc }) => ssrc)).toEqual([subscribe?.media.ssrc, subscribe?.media.rtxSsrc])
    expect(sources.every(({ cname }) => cname === subscribe?.media.cname)).toBe(true)
    const mapping = subscribe?.media.payloadTypes
    expect(mapping?.map(({ from }) => from)).toEqual([96])
    expect(mapping?.every(({ rtx }) => rtx !== undefined)).toBe(true)
    expect(world.of('remote')).toHaveLength(1)
  })

  test('what is negotiated but not announced stays unseen, and the other way round', () => {
    const { ann, bob } = two()
    ann.publishing.add({ kind: 'video', track: 'secret' })
    ann.offer()
    ann.announce('other', 'camera')
    expect(bob.inbox).toEqual([])
    ann.announce('secret', 'screen')
    expect(bob.inbox).toHaveLength(1)
  })

  test('camera and microphone are in sync, the screen with its sound', () => {
    const { world, ann } = two()
    ann.publish({ kind: 'audio' }, 'microphone')
    ann.publish({ kind: 'video' }, 'camera')
    ann.publish({ kind: 'video' }, 'screen')
    ann.publish({ kind: 'audio' }, 'screen-audio')
    world.settle()
    const [microphone, camera, screen, sound] = world.of('subscribe').map(({ media }) => media.cname)
    expect(camera).toBe(microphone)
    expect(sound).toBe(screen)
    expect(screen).not.toBe(camera)
  })

  test('one offer is open at a time; what changes meanwhile is in the next', () => {
    const { world, ann, bob } = two()
    ann.publish({ kind: 'video' })
    ann.publish({ kind: 'audio' })
    ann.publish({ kind: 'video' }, 'screen')
    expect(bob.inbox).toHaveLength(1)
    bob.answer()
    expect(bob.inbox).toHaveLength(1)
    bob.answer()
    expect(bob.inbox).toHaveLength(0)
    expect(world.of('subscribe')).toHaveLength(3)
  })

  test('a track that stops ends at once on the worker, and its section is used again once both agree it is free', () => {
    const { world, ann, bob } = two()
    const mid = ann.publish({ kind: 'video' })
    world.settle()
    ann.publishing.change(mid, { direction: 'inactive' })
    ann.offer()
    expect(world.told.slice(-2).map(({ is }) => is)).toEqual(['unsubscribe', 'unpublish'])
    ann.publish({ kind: 'video', track: 'next' }, 'camera')
    // The first offer says that it is over; the section is taken in the one after.
    expect(parseDescription(sdpOf(bob.inbox[0])).sections).toMatchObject([{ direction: 'inactive' }])
    world.settle()
    const last = parseDescription(sdpOf(bob.heard.at(-1)))
    expect(last.sections).toMatchObject([{ direction: 'sendonly', mid: '0' }])
    const [first, second] = world.of('subscribe')
    expect(second?.media.ssrc).not.toBe(first?.media.ssrc)
  })

  test('what is announced again as it was changes nothing', () => {
    const { world, ann, bob } = two()
    ann.publish({ kind: 'video' })
    world.settle()
    const [before, heard] = [world.told.length, bob.heard.length]
    world.rooms.setTracks('room', 'ann', [{ ...ann.tracks[0]! }])
    expect([world.told.length, bob.heard.length]).toEqual([before, heard])
  })

  test('a publisher that changes codecs changes the mapping, and new ones are offered', () => {
    const { world, ann, bob } = two()
    const mid = ann.publish({ kind: 'video', codecs: [codecs.vp8, codecs.vp9] })
    world.settle()
    ann.publishing.change(mid, { codecs: [codecs.vp9] })
    ann.offer()
    expect(world.of('republish')).toHaveLength(1)
    expect(world.of('resubscribe')[0]?.media.payloadTypes).toEqual([])
    bob.answer()
    expect(
      world
        .of('resubscribe')
        .at(-1)
        ?.media.payloadTypes.map(({ from }) => from),
    ).toEqual([98])
  })

  test('who declines a section or its codecs is not asked again until they change', () => {
    const { world, ann, bob } = two()
    const mid = ann.publish({ kind: 'video', codecs: [codecs.av1] })
    ann.publish({ kind: 'audio' })
    bob.answer(() => false)
    bob.answer()
    while (bob.answer());
    expect(world.of('subscribe')).toHaveLength(1)
    ann.publishing.change(mid, { codecs: [codecs.vp8, codecs.av1] })
    ann.offer()
    world.settle()
    expect(world.of('subscribe')).toHaveLength(2)
  })

  test('ICE restarts in a publisher’s offer with new credentials in the answer', () => {
    const { world, ann } = two()
    ann.publish({ kind: 'video' })
    ann.publishing.restart()
    ann.offer()
    const answer = parseDescription(sdpOf(ann.heard.at(-1)))
    expect(world.told.slice(-2)).toMatchObject([
      { is: 'restart', local: answer.sections[0]?.transport.ice },
      { is: 'remote', remote: { ice: { ufrag: 'client1' } } },
    ])
    ann.offer()
    expect(world.of('restart')).toHaveLength(1)
    expect(world.of('publish')).toHaveLength(1)
  })

  test('ICE restarts on request of a subscriber, also while an offer is open', () => {
    const { world, ann, bob } = two()
    ann.publish({ kind: 'video' })
    const connection = bob.inbox[0]?.connection ?? ''
    bob.say('subscribe', connection, { kind: 'restart' })
    expect(bob.inbox).toHaveLength(1)
    bob.receiving.restart()
    world.settle()
    expect(world.of('restart')).toHaveLength(1)
    const [first, second] = bob.heard.map(body => parseDescription(sdpOf(body)).sections[0]?.transport.ice?.ufrag)
    expect(second).not.toBe(first)
    expect(second).toBe(world.of('restart')[0]?.local.ufrag)
  })

  test('a new connection of a publisher replaces the old one, whose late words are dropped', () => {
    const { world, ann } = two()
    ann.publish({ kind: 'video' })
    world.settle()
    const description = { type: 'offer', sdp: ann.publishing.offer() } as const
    ann.say('publish', 'p1', { kind: 'description', description })
    world.settle()
    expect(world.of('close').map(({ transport }) => transport)).toEqual([world.of('open')[0]?.transport])
    expect(world.of('unpublish')).toHaveLength(1)
    expect(world.of('subscribe')).toHaveLength(2)
    const told = world.told.length
    ann.say('publish', 'p0', { kind: 'description', description })
    ann.say('publish', 'p0', { kind: 'close' })
    expect(world.told.length).toBe(told)
  })
})

describe('who receives what', () => {
  test('by hand: on, paused, off; and automatically again', () => {
    const { world, ann, bob } = two()
    world.rooms.subscribeTo('room', 'bob', { auto: false })
    ann.publish({ kind: 'video' })
    expect(bob.inbox).toEqual([])
    const track = { participant: 'ann', track: 'ann-video-0' }
    world.rooms.subscribeTo('room', 'bob', { tracks: [{ ...track, state: 'paused' }] })
    world.settle()
    expect(world.of('subscribe')).toMatchObject([{ want: { paused: true } }])
    world.rooms.subscribeTo('room', 'bob', { tracks: [{ ...track, state: 'on' }] })
    expect(world.told.at(-1)).toMatchObject({ is: 'want', want: wantAll })
    world.rooms.subscribeTo('room', 'bob', { tracks: [{ ...track, state: 'off' }] })
    expect(world.told.at(-1)).toMatchObject({ is: 'unsubscribe' })
    ann.publish({ kind: 'audio' })
    world.rooms.subscribeTo('room', 'bob', { auto: true })
    world.settle()
    expect(world.rooms.counters().subscriptions).toBe(1)
  })

  test('as large as it is shown, as important as it is, and no more than was chosen', () => {
    const { world, ann } = two()
    ann.publish({ kind: 'video' })
    world.settle()
    const track = { participant: 'ann', track: 'ann-video-0', state: 'on' } as const
    const want = (wish: Omit<SubscriptionWish, 'participant' | 'track' | 'state'>) => {
      const told = world.told.length
      world.rooms.subscribeTo('room', 'bob', { tracks: [{ ...track, ...wish }] })
      return world.told.slice(told)
    }
    expect(want({ width: 320, height: 180, priority: 'low', layer: { temporal: 1 } })).toMatchObject([
      {
        is: 'want',
        want: { paused: false, pixels: 57600, priority: 'low', layer: { spatial: undefined, temporal: 1 } },
      },
    ])
    expect(want({ width: 320, height: 180, priority: 'low', layer: { temporal: 1 } })).toEqual([])
    expect(want({ width: 180, height: 320, priority: 'low', layer: { temporal: 1 } })).toEqual([])
    // A wish says everything about its track, and one side alone says nothing.
    expect(want({ width: 320 })).toMatchObject([{ is: 'want', want: wantAll }])
  })

  test('what is paused before it is answered starts paused', () => {
    const { world, ann } = two()
    ann.publish({ kind: 'video' })
    const track = { participant: 'ann', track: 'ann-video-0', state: 'paused' } as const
    world.rooms.subscribeTo('room', 'bob', { tracks: [track] })
    world.settle()
    expect(world.of('subscribe')).toMatchObject([{ want: { paused: true } }])
  })

  test('who may not subscribe is offered nothing, who may not publish is refused', () => {
    const world = new World()
    const ann = world.join('ann')
    const eve = world.join('eve', { publish: false, subscribe: false })
    ann.publish({ kind: 'video' })
    expect(eve.heard).toEqual([])
    expect(() => eve.offer()).toThrow(expect.objectContaining({ code: 'not-allowed' }))
    world.rooms.join('room', 'eve', { publish: false, subscribe: true })
    expect(eve.inbox).toHaveLength(1)
    world.rooms.join('room', 'ann', { publish: false, subscribe: true })
    expect(world.rooms.counters().publications).toBe(0)
  })

  test('more than a connection may hold is left out until there is room, and pictures leave room for voices', () => {
    const world = new World({ maxSections: 4 })
    const ann = world.join('ann')
    world.join('bob')
    const [first = ''] = ['video', 'video', 'video', 'audio'].map(kind =>
      ann.publish({ kind: kind === 'audio' ? 'audio' : 'video' }),
    )
    world.settle()
    expect(world.of('subscribe').map(({ media }) => media.rtxSsrc === undefined)).toEqual([false, false, true])
    ann.publishing.change(first, { direction: 'inactive' })
    ann.offer()
    world.settle()
    const received = world.rooms.inspect('room')?.participants[1]?.receives.map(({ track }) => track)
    expect(received?.sort()).toEqual(['ann-audio-3', 'ann-video-1', 'ann-video-2'])
  })
})

test('an offer says that RTCP has no port of its own, an answer must not (RFC 8858 §4)', () => {
  const { ann, bob } = two()
  ann.publish({ kind: 'video' })
  const said = (person: typeof ann) =>
    person.heard.flatMap(({ signal }) => (signal.kind === 'description' ? signal.description : []))
  const [offer] = said(bob)
  expect([offer?.type, offer?.sdp.match(/^a=rtcp-mux(?:-only)?\r$/gm)]).toEqual([
    'offer',
    ['a=rtcp-mux\r', 'a=rtcp-mux-only\r'],
  ])
  const [answer] = said(ann)
  expect([answer?.type, answer?.sdp.includes('rtcp-mux-only')]).toEqual(['answer', false])
})

test('a room can be looked into: who sends what, what arrives, who receives it', () => {
  const { world, ann } = two()
  ann.publish({ kind: 'video' })
  world.settle()
  const [publish] = world.of('publish')
  const publication = publish?.publication ?? 0
  const sends = () => world.rooms.inspect('room')?.participants[0]?.sends
  const sent = { track: 'ann-video-0', source: 'camera', kind: 'video', codecs: ['vp8'], codec: undefined }
  expect(sends()).toEqual([sent])
  world.rooms.handle(0, { is: 'publication', publication, active: true, codec: 'vp8' })
  world.rooms.handle(0, { is: 'publication', publication: 99, active: true, codec: 'vp9' })
  expect(sends()).toMatchObject([{ codec: 'vp8' }])
  world.rooms.handle(0, { is: 'publication', publication, active: false, codec: undefined })
  expect(sends()).toMatchObject([{ codec: undefined }])
  expect(world.rooms.inspect('room')?.participants[1]?.receives).toEqual([
    { participant: 'ann', track: 'ann-video-0', kind: 'video', want: wantAll },
  ])
  expect(world.rooms.inspect('nowhere')).toBeUndefined()
})

describe('people and workers', () => {
  test('who leaves takes everything along, and the last one the room', () => {
    const { world, ann, bob } = two()
    ann.publish({ kind: 'video' })
    bob.publish({ kind: 'video' })
    world.settle()
    world.leave('ann')
    expect(world.rooms.counters()).toMatchObject({ participants: 1, connections: 2, publications: 1, subscriptions: 0 })
    world.leave('bob')
    world.leave('bob')
    expect(world.rooms.counters()).toMatchObject({ rooms: 0, participants: 0, connections: 0 })
    for (const [opened, closed] of [
      ['publish', 'unpublish'],
      ['subscribe', 'unsubscribe'],
      ['open', 'close'],
    ] as const) {
      expect(world.of(closed)).toHaveLength(world.of(opened).length)
    }
  })

  test('a room stays on its worker, and a new one takes the emptiest', () => {
    const world = new World({ workers: 2 })
    world.join('ann').publish({ kind: 'video' })
    world.rooms.join('other', 'cat', { publish: true, subscribe: true })
    const description = { type: 'offer', sdp: readDescription('chromium-simulcast.offer') } as const
    const signal = { kind: 'description', description } as const
    world.rooms.receive('other', 'cat', { side: 'publish', connection: 'c', seq: 0, signal })
    expect(world.byWorker.map(told => told.map(({ is }) => is))).toEqual([
      ['open', 'publish'],
      ['open', 'publish'],
    ])
  })

  test('a lost connection is closed for the publisher, and made anew for the subscriber', () => {
    const { world, ann, bob } = two()
    ann.publish({ kind: 'video' })
    world.settle()
    const [annOpen, bobOpen] = world.of('open')
    const state = { is: 'transport', state: 'failed', why: 'no consent' } as const
    world.rooms.handle(0, { ...state, transport: bobOpen?.transport ?? 0 })
    expect(bob.heard.at(-2)).toMatchObject({ signal: { kind: 'close' } })
    expect(bob.heard.at(-1)?.connection).not.toBe(bob.heard[0]?.connection)
    bob.receiving = ann.receiving
    world.settle()
    expect(world.rooms.counters().subscriptions).toBe(1)
    world.rooms.handle(0, { ...state, transport: annOpen?.transport ?? 0 })
    world.rooms.handle(0, { ...state, transport: annOpen?.transport ?? 0 })
    expect(ann.heard.at(-1)).toMatchObject({ side: 'publish', connection: 'p0', signal: { kind: 'close' } })
    expect(world.rooms.counters()).toMatchObject({ publications: 0, subscriptions: 0, connections: 1 })
    expect(world.lost.map(({ participant, side }) => `${participant} ${side}`)).toEqual([
      'bob subscribe',
      'ann publish',
    ])
  })

  test('a subscriber that closed its connection gets another when it asks', () => {
    const { world, ann, bob } = two()
    ann.publish({ kind: 'video' })
    world.settle()
    const connection = bob.heard[0]?.connection ?? ''
    bob.say('subscribe', connection, { kind: 'close' })
    ann.publish({ kind: 'audio' })
    expect(bob.inbox).toEqual([])
    bob.say('subscribe', connection, { kind: 'restart' })
    world.settle()
    expect(world.rooms.counters().subscriptions).toBe(2)
  })
})
