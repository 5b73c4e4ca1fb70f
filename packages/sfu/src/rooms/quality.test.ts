import { expect, test } from 'vitest'
import { two } from './testing/world.ts'

test('somebody’s quality is that of the worse of their two connections', () => {
  const { world, ann, bob } = two()
  ann.publish({ kind: 'audio' }, 'microphone')
  bob.publish({ kind: 'audio' }, 'microphone')
  const published = world.of('publish')[0]?.transport ?? -1
  // Ann is sent something only once Bob publishes.
  const received = world.of('open').at(-1)?.transport ?? -1
  world.rooms.handle(0, { is: 'quality', transport: published, quality: { score: 4 } })
  world.rooms.handle(0, { is: 'quality', transport: received, quality: { score: 2, reason: 'downlink-loss' } })
  world.rooms.handle(0, { is: 'quality', transport: published, quality: { score: 1, reason: 'uplink-loss' } })
  world.rooms.handle(0, { is: 'quality', transport: 9999, quality: { score: 1 } })
  // What was bad is closed: the other counts.
  ann.say('publish', 'p0', { kind: 'close' })
  world.rooms.handle(0, { is: 'quality', transport: published, quality: { score: 1 } })
  expect(world.qualities).toEqual(
    [
      { score: 4 },
      { score: 2, reason: 'downlink-loss' },
      { score: 1, reason: 'uplink-loss' },
      { score: 2, reason: 'downlink-loss' },
    ].map(quality => ({
      room: 'room',
      participant: 'ann',
      quality,
    })),
  )
})
