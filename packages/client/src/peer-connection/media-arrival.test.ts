import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { IncomingTrack } from '../room/media-plane.ts'
import { fakeTrack } from '../testing/fake-media.ts'
import { watchArrival } from './media-arrival.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A receiver that nothing has come to yet, and what is told of it. */
function receive(kind: 'audio' | 'video') {
  const track = Object.assign(fakeTrack(kind), { muted: true })
  const packets: object[] = []
  const stop = new AbortController()
  const told: IncomingTrack[] = []
  const receiver = { track, getSynchronizationSources: () => packets } as unknown as RTCRtpReceiver
  watchArrival(receiver, stop.signal, incoming => told.push(incoming))
  const unmute = () => {
    Object.assign(track, { muted: false })
    track.dispatchEvent(new Event('unmute'))
  }
  return { track, packets, stop, told, unmute, flows: () => told.map(({ flows }) => flows) }
}

test('a picture is told of at once, and once more with its first media', () => {
  const { track, told, unmute } = receive('video')
  expect(told).toEqual([{ track, flows: false }])
  unmute()
  unmute()
  expect(told).toEqual([
    { track, flows: false },
    { track, flows: true },
  ])
  expect(vi.getTimerCount()).toBe(0)
})

test('packets tell too, where the browser never unmutes', () => {
  const { packets, flows } = receive('video')
  vi.advanceTimersByTime(10_000)
  expect(flows()).toEqual([false])
  packets.push({})
  vi.advanceTimersByTime(150)
  expect(flows()).toEqual([false, true])
})

test('sound is not waited for', () => {
  expect(receive('audio').flows()).toEqual([true])
})

test('what is given up is not told of any more', () => {
  const { stop, packets, unmute, flows } = receive('video')
  stop.abort()
  packets.push({})
  unmute()
  expect(flows()).toEqual([false])
  expect(vi.getTimerCount()).toBe(0)
})
