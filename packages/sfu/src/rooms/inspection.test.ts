import { expect, test } from 'vitest'
import type { LayerStatistics, TransportStatistics } from '../router/statistics.ts'
import { two } from './testing/world.ts'

const layer = (size: number): LayerStatistics => ({
  size,
  temporal: 0,
  rid: 'qhf'[size],
  pixels: 57_600 * 4 ** size,
  bitrateBps: 150_000 * 3 ** size,
})
const nothing = {
  uplinkLoss: undefined,
  downlinkLoss: undefined,
  roundTripMs: undefined,
  link: undefined,
  publications: [],
  subscriptions: [],
}

test('what workers have measured is told of the participant, the track and the receiver that it is about', () => {
  const { world, ann } = two()
  ann.publish({ kind: 'video' })
  world.settle()
  const [publish] = world.of('publish')
  const [subscribe] = world.of('subscribe')
  expect(world.rooms.transports('room')).toEqual([publish?.transport, subscribe?.transport])
  expect(world.rooms.transports('nowhere')).toEqual([])
  const encodings = [{ rid: 'q', wanted: true }]
  const link = { estimateBps: 300_000, wantedBps: 1_600_000, grantedBps: 150_000 }
  const measured: readonly TransportStatistics[] = [
    {
      ...nothing,
      transport: publish?.transport ?? -1,
      uplinkLoss: 0.25,
      publications: [{ publication: publish?.publication ?? -1, layers: [layer(0), layer(1)], encodings }],
    },
    {
      ...nothing,
      transport: subscribe?.transport ?? -1,
      downlinkLoss: 0.5,
      roundTripMs: 30,
      link,
      subscriptions: [
        {
          subscription: subscribe?.subscription ?? -1,
          layer: layer(0),
          wanted: layer(1),
          reduced: true,
          waiting: false,
        },
      ],
    },
    // Of a worker that knows what has ended meanwhile.
    { ...nothing, transport: 9999, publications: [{ publication: 9999, layers: [], encodings: [] }] },
  ]
  const quality = { score: 2, reason: 'downlink-bandwidth' } as const
  world.rooms.handle(0, { is: 'quality', transport: subscribe?.transport ?? -1, quality })
  const [sender, receiver] = world.rooms.inspect('room', measured)?.participants ?? []
  expect(sender).toMatchObject({
    id: 'ann',
    quality: undefined,
    publish: { uplinkLoss: 0.25 },
    subscribe: undefined,
    sends: [{ track: 'ann-video-0', source: 'camera', layers: [layer(0), layer(1)], encodings }],
  })
  expect(receiver).toMatchObject({
    id: 'bob',
    quality,
    publish: undefined,
    subscribe: { downlinkLoss: 0.5, roundTripMs: 30, link },
    receives: [{ participant: 'ann', layer: layer(0), wanted: layer(1), reduced: true, waiting: false }],
  })
  expect(JSON.stringify(sender)).not.toContain('9999')
})

test('how many there are of each quality', () => {
  const { world, ann, bob } = two()
  ann.publish({ kind: 'audio' }, 'microphone')
  bob.publish({ kind: 'audio' }, 'microphone')
  const [one, other] = world.of('publish').map(({ transport }) => transport)
  const judge = (transport = -1, score: 1 | 4, reason?: 'uplink-loss') =>
    world.rooms.handle(0, { is: 'quality', transport, quality: { score, ...(reason && { reason }) } })
  expect(world.rooms.counters().qualities).toEqual([])
  judge(one, 4)
  judge(other, 4)
  expect(world.rooms.counters().qualities).toEqual([{ quality: { score: 4 }, participants: 2 }])
  judge(other, 1, 'uplink-loss')
  expect(world.rooms.counters().qualities).toEqual([
    { quality: { score: 4 }, participants: 1 },
    { quality: { score: 1, reason: 'uplink-loss' }, participants: 1 },
  ])
  world.leave('bob')
  expect(world.rooms.counters().qualities).toEqual([{ quality: { score: 4 }, participants: 1 }])
})
