import type { MediaPlaneEvents } from '@parley/signaling'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ToSfu } from '../edge/media-control.ts'
import type { Edge, EdgeState } from '../edge/supervisor.ts'
import { edgeMediaPlane, type HttpGuests } from './media-plane.ts'

let told: ToSfu[]
let state: EdgeState['is']
let sfu: Edge['sfu']
let heard: unknown[]
const events: MediaPlaneEvents = {
  send: (room, id, body) => heard.push(['send', room, id, body.seq]),
  lost: () => heard.push(['lost']),
}
const guests: HttpGuests = {
  unserved: (room, id, tracks) => heard.push(['unserved', room, id, tracks.length]),
  excess: (room, id) => heard.push(['excess', room, id]),
  came: (room, id) => heard.push(['came', room, id]),
  gone: (room, id, why) => heard.push(['gone', room, id, why]),
  lost: () => heard.push(['guests lost']),
}
const edge = () =>
  ({
    get state() {
      return { is: state }
    },
    get sfu() {
      return sfu
    },
    tellSfu: (message: ToSfu) => told.push(message),
  }) as unknown as Edge

beforeEach(() => {
  vi.useFakeTimers()
  told = []
  heard = []
  state = 'serving'
  sfu = { is: 'ready', ports: [3478] }
})
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

const body = { side: 'publish', connection: 'c', seq: 7, signal: { kind: 'close' } } as const
const request = { is: 'publish', sdp: 'v=0' } as const
const reply = { ok: true, sdp: 'answer', etag: 'e' } as const

it('passes on what signalling and the SFU say to each other', () => {
  const plane = edgeMediaPlane(edge, () => guests)
  const seats = plane.open(events)
  const seat = { id: 'a', subscribe: true, tracks: [] }
  seats.seat('x', seat)
  seats.receive('x', 'a', body)
  seats.subscribe('x', 'a', { auto: false, tracks: [] })
  seats.unseat('x', 'a')
  expect(told.map(({ is }) => is)).toEqual(['seat', 'receive', 'subscribe', 'unseat'])
  plane.edge.heard({ is: 'send', room: 'x', id: 'a', body })
  plane.edge.heard({ is: 'came', room: 'x', id: 'cam' })
  plane.edge.heard({ is: 'excess', room: 'x', id: 'cam' })
  plane.edge.heard({ is: 'unserved', room: 'x', id: 'tv', tracks: [] })
  plane.edge.heard({ is: 'gone', room: 'x', id: 'cam', why: 'closed' })
  plane.release('x', 'tv')
  expect(told.at(-1)).toEqual({ is: 'unseat', room: 'x', id: 'tv' })
  plane.edge.restarted()
  expect(heard).toEqual([
    ['send', 'x', 'a', 7],
    ['came', 'x', 'cam'],
    ['excess', 'x', 'cam'],
    ['unserved', 'x', 'tv', 0],
    ['gone', 'x', 'cam', 'closed'],
    ['guests lost'],
    ['lost'],
  ])
})

it('is available where the edge can forward, also while it is being started again', () => {
  const seats = edgeMediaPlane(edge, () => guests).open(events)
  expect(seats.available).toBe(true)
  state = 'down'
  expect(seats.available).toBe(true)
  sfu = { is: 'missing', why: 'no SRTP' }
  expect(seats.available).toBe(false)
  expect(
    edgeMediaPlane(
      () => undefined,
      () => guests,
    ).open(events).available,
  ).toBe(false)
})

it('gives each answer to who asked', async () => {
  const plane = edgeMediaPlane(edge, () => guests)
  const [first, second] = [plane.ask('x', 'a', request), plane.ask('x', 'b', request)]
  const asks = told.flatMap(message => (message.is === 'ask' ? message.ask : []))
  plane.edge.heard({ is: 'replied', ask: asks[1] ?? 0, reply: { ...reply, sdp: 'second' } })
  plane.edge.heard({ is: 'replied', ask: asks[0] ?? 0, reply: { ...reply, sdp: 'first' } })
  expect(await Promise.all([first, second])).toMatchObject([{ sdp: 'first' }, { sdp: 'second' }])
})

it('waits five seconds for an answer; a late one disturbs nobody', async () => {
  const plane = edgeMediaPlane(edge, () => guests)
  const asking = plane.ask('x', 'a', request)
  const refused = expect(asking).rejects.toMatchObject({ code: 'sfu-missing' })
  await vi.advanceTimersByTimeAsync(5_000)
  await refused
  plane.edge.heard({ is: 'replied', ask: 1, reply })
})

it('does not wait for an edge that is down, or dies while it is asked', async () => {
  const plane = edgeMediaPlane(edge, () => guests)
  plane.open(events)
  state = 'down'
  await expect(plane.ask('x', 'a', request)).rejects.toMatchObject({ code: 'sfu-missing' })
  await expect(
    edgeMediaPlane(
      () => undefined,
      () => guests,
    ).ask('x', 'a', request),
  ).rejects.toMatchObject({ code: 'sfu-missing' })
  expect(told).toEqual([])
  state = 'serving'
  const asking = plane.ask('x', 'a', request)
  plane.edge.restarted()
  await expect(asking).rejects.toMatchObject({ code: 'sfu-missing' })
  expect(heard).toEqual([['guests lost'], ['lost']])
})
