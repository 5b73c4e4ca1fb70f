import type { MediaBody, UnsentTrack, UnservedTrack } from '@parley/protocol'
import { FakeClock } from '@parley/testkit'
import { expect, test, vi } from 'vitest'
import type { MediaPlaneEvents } from '../room/media-plane.ts'
import { SfuPlane } from './sfu-plane.ts'

function open() {
  const undecodable = vi.fn()
  const unsent = vi.fn()
  const plane = new SfuPlane({
    self: { id: 'me', subscribe: true },
    iceServers: [],
    iceTransportPolicy: 'all',
    clock: new FakeClock(),
    events: { undecodable, unsent } as unknown as MediaPlaneEvents,
  })
  const unserved = (...tracks: UnservedTrack[]): MediaBody => ({
    side: 'subscribe',
    connection: 'of the server',
    seq: 0,
    signal: { kind: 'unserved', tracks },
  })
  const leftOut = (...tracks: UnsentTrack[]): MediaBody => ({ ...unserved(), signal: { kind: 'unsent', tracks } })
  const calls = (of: typeof unsent) => () => of.mock.calls.map(([tracks]) => tracks)
  return { plane, unserved, leftOut, told: calls(undecodable), toldUnsent: calls(unsent) }
}

const camera: UnservedTrack = { participant: 'bob', track: 'cam', codecs: ['H265'] }

test('what this browser cannot decode is told, before there is any connection, and when it can again', () => {
  const { plane, unserved, told } = open()
  plane.negotiate(unserved(camera))
  expect(told()).toEqual([[camera]])
  plane.negotiate(unserved())
  plane.negotiate(unserved())
  expect(told()).toEqual([[camera], []])
  plane.close()
})

test.each(['lost', 'close'] as const)('with the SFU it is forgotten: %s', how => {
  const { plane, unserved, told } = open()
  plane.negotiate(unserved(camera))
  plane[how]()
  expect(told()).toEqual([[camera], []])
  plane.close()
  plane.negotiate(unserved(camera))
  expect(told()).toHaveLength(2)
})

test.each(['lost', 'close'] as const)(
  'what there is no room for is told, and with the SFU it is forgotten: %s',
  how => {
    const { plane, leftOut, toldUnsent } = open()
    const track = { participant: 'bob', track: 'cam' }
    plane.negotiate(leftOut(track))
    plane[how]()
    expect(toldUnsent()).toEqual([[track], []])
    plane.close()
  },
)
