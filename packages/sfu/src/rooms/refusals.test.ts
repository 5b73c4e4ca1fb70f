import { describe, expect, test } from 'vitest'
import { readDescription } from '../sdp/testing/descriptions.ts'
import { sdpOf, two } from './testing/world.ts'

describe('what is wrong', () => {
  test('is refused with a code, changes nothing, and the room goes on', () => {
    const { world, ann, bob } = two()
    ann.publish({ kind: 'video' })
    const told = world.told.length
    const offer = (sdp: string) => ({ kind: 'description', description: { type: 'offer', sdp } }) as const
    const refusals = [
      [() => ann.say('publish', 'p0', offer('garbage')), 'bad-sdp'],
      [() => ann.say('publish', 'p9', offer('garbage')), 'bad-sdp'],
      [() => ann.say('publish', 'p0', offer(readDescription('chromium-play.offer'))), 'bad-sdp'],
      [
        () => bob.say('subscribe', bob.inbox[0]?.connection ?? '', offer(readDescription('chromium-play.offer'))),
        'out-of-order',
      ],
      [
        () =>
          world.rooms.receive('nowhere', 'ann', {
            side: 'publish',
            connection: 'x',
            seq: 0,
            signal: { kind: 'close' },
          }),
        'not-found',
      ],
    ] as const
    for (const [act, code] of refusals) expect(act).toThrow(expect.objectContaining({ name: 'NegotiationError', code }))
    expect(world.told.length).toBe(told)
    expect(world.rooms.counters().refused).toBe(4)
    world.settle()
    expect(world.rooms.counters().subscriptions).toBe(1)
  })

  test('an answer that does not fit leaves the offer open for a better one', () => {
    const { world, ann, bob } = two()
    ann.publish({ kind: 'video' })
    const [offer] = bob.inbox
    const answer = (sdp: string, answers = offer?.seq) =>
      bob.say('subscribe', offer?.connection ?? '', {
        kind: 'description',
        description: { type: 'answer', sdp },
        answers,
      })
    const good = bob.receiving.answer(sdpOf(offer))
    for (const bad of [
      good.replace('a=mid:0', 'a=mid:9'),
      good.replace('setup:active', 'setup:passive'),
      good.replace(/a=ice-.*\r\n/g, ''),
      readDescription('chromium-audio-video.answer'),
    ]) {
      expect(() => answer(bad)).toThrow(expect.objectContaining({ name: 'NegotiationError' }))
    }
    answer(good, 99)
    expect(world.of('subscribe')).toHaveLength(0)
    answer(good)
    expect(world.of('subscribe')).toHaveLength(1)
    expect(() => answer(good)).toThrow(expect.objectContaining({ code: 'out-of-order' }))
  })

  test('what was said already is dropped, and the unknown is ignored', () => {
    const { world, ann } = two()
    ann.publish({ kind: 'video' })
    const told = world.told.length
    const repeat = { side: 'publish', connection: 'p0', seq: 0, signal: { kind: 'close' } } as const
    world.rooms.receive('room', 'ann', repeat)
    world.rooms.leave('room', 'nobody')
    world.rooms.leave('nowhere', 'ann')
    world.rooms.setTracks('nowhere', 'ann', [])
    world.rooms.subscribeTo('room', 'nobody', { auto: false })
    world.rooms.handle(0, { is: 'transport', transport: 99, state: 'failed', why: undefined })
    expect(world.told.length).toBe(told)
  })
})
