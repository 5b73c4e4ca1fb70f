import { type Edge, type Letter, Mailbox, type SfuAvailability } from '@parley/edge'
import { expect, it } from 'vitest'
import { mediaPlane } from './media-plane.ts'

const told: Letter[] = []
const mailbox = new Mailbox({ post: letter => told.push(letter) })
const edge = (sfu: SfuAvailability, serving = true) =>
  ({ sfu, mailbox: serving ? mailbox : undefined }) as unknown as Edge
const ready: SfuAvailability = { is: 'ready', ports: [3478] }
const body = { side: 'publish', connection: 'c', seq: 7, signal: { kind: 'close' } } as const

it('tells the SFU what signalling says, as it is; while its process is down, nobody', () => {
  let serving = true
  const plane = mediaPlane(() => edge(ready, serving))
  const seat = { id: 'a', subscribe: true, tracks: [] }
  plane.seat('x', seat)
  plane.receive('x', 'a', body)
  plane.subscribe('x', 'a', { auto: false, tracks: [] })
  serving = false
  plane.seat('x', seat)
  serving = true
  plane.unseat('x', 'a')
  expect(told).toEqual([
    { to: 'sfu', call: 'seat', args: ['x', seat] },
    { to: 'sfu', call: 'receive', args: ['x', 'a', body] },
    { to: 'sfu', call: 'subscribe', args: ['x', 'a', { auto: false, tracks: [] }] },
    { to: 'sfu', call: 'unseat', args: ['x', 'a'] },
  ])
})

it('is available where the edge can forward, also while it is being started again', () => {
  expect(mediaPlane(() => edge(ready)).available).toBe(true)
  expect(mediaPlane(() => edge(ready, false)).available).toBe(true)
  expect(mediaPlane(() => edge({ is: 'missing', why: 'no SRTP' })).available).toBe(false)
  expect(mediaPlane(() => undefined).available).toBe(false)
})
