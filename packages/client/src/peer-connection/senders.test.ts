import { FakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import type { OutgoingTrack } from '../room/media-plane.ts'
import { fakeTrack } from '../testing/fake-media.ts'
import { Senders } from './senders.ts'

/** A connection whose one sender remembers its parameters. */
class FakeConnection extends EventTarget {
  connectionState: RTCPeerConnectionState = 'new'
  encoding: RTCRtpEncodingParameters = {}

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state
    this.dispatchEvent(new Event('connectionstatechange'))
  }

  addTrack() {
    return {
      getParameters: () => ({ encodings: [{ ...this.encoding }] }),
      setParameters: async ({ encodings: [encoding = {}] }: RTCRtpSendParameters) => {
        this.encoding = encoding
      },
    }
  }
}

function outgoingTrack(): OutgoingTrack {
  const track = Object.assign(fakeTrack('video'), { getSettings: () => ({ height: 720 }) })
  return { source: 'camera', id: 'cam', streams: [], carrier: track, track, options: {} }
}

async function open() {
  const clock = new FakeClock()
  const connection = new FakeConnection()
  let started = 0
  const senders = new Senders({
    connection: connection as unknown as RTCPeerConnection,
    clock,
    started: () => started++,
  })
  await senders.sync([outgoingTrack()])
  await senders.limit(1)
  return { clock, connection, senders, started: () => started }
}

test('a camera is sent small until a second after the connection is there', async () => {
  const { clock, connection, senders, started } = await open()
  expect(connection.encoding.scaleResolutionDownBy).toBe(2)
  clock.advance(60_000)
  connection.become('connecting')
  connection.become('connected')
  clock.advance(999)
  await senders.limit(1)
  expect([connection.encoding.scaleResolutionDownBy, started()]).toEqual([2, 0])
  clock.advance(1)
  expect(started()).toBe(1)
  await senders.limit(1)
  expect(connection.encoding.scaleResolutionDownBy).toBe(1)
  connection.become('disconnected')
  connection.become('connected')
  clock.advance(60_000)
  expect(started()).toBe(1)
})

test('a connection that is closed meanwhile starts nothing', async () => {
  const { clock, connection, senders, started } = await open()
  connection.become('connected')
  senders.close()
  clock.advance(60_000)
  expect([started(), clock.pending]).toEqual([0, 0])
})
