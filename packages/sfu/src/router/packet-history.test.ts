import { RtpPacket, restoreOriginal } from '@parley/rtp'
import { expect, test } from 'vitest'
import { PacketHistory } from './packet-history.ts'
import { rtp } from './testing/packets.ts'
import { parsed } from './testing/test-transport.ts'

const view = new RtpPacket()

test('gives back what was put in: header, extensions and payload', () => {
  const history = new PacketHistory()
  const packet = parsed(
    rtp({ sequenceNumber: 7, timestamp: 9, marker: true, extensions: { 3: [1, 2] }, payload: [5, 6, 7] }),
  )
  history.add(70, packet, 0)
  expect(history.read(70, view, 10)).toBe(true)
  expect(view).toMatchObject({ sequenceNumber: 7, timestamp: 9, marker: true, payloadType: 96, ssrc: 1 })
  expect([...view.bytes.subarray(view.payloadStart, view.payloadEnd)]).toEqual([5, 6, 7])
  expect(view.findExtension(3)).toBeGreaterThan(0)
  expect(view.extensionLength).toBe(2)
  expect(history.read(71, view, 10)).toBe(false)
})

test('keeps a retransmission as what it was first, and no padding', () => {
  const history = new PacketHistory()
  const repair = parsed(rtp({ ssrc: 2, payloadType: 97, sequenceNumber: 500, payload: [0, 7, 1, 2, 3] }))
  expect(restoreOriginal(repair, 1, 96)).toBe(true)
  history.add(7, repair, 0)
  const padded = rtp({ payload: [1, 2, 3, 0, 0, 3] })
  padded[0] = 0xa0
  history.add(8, parsed(padded), 0)
  expect(history.read(7, view, 0)).toBe(true)
  expect(view).toMatchObject({ sequenceNumber: 7, payloadType: 96, ssrc: 1, payloadLength: 3 })
  expect(history.read(8, view, 0)).toBe(true)
  expect(view).toMatchObject({ payloadLength: 3, paddingBytes: 0 })
})

test('forgets what is too old', () => {
  const history = new PacketHistory({ maxAgeMs: 100 })
  history.add(1, parsed(rtp({})), 0)
  expect(history.read(1, view, 100)).toBe(true)
  expect(history.read(1, view, 101)).toBe(false)
})

test('grows as far as the time needs, never beyond its bound, and always gives the right packet', () => {
  const maxBytes = 1 << 18
  const history = new PacketHistory({ maxBytes })
  const payload = Array.from({ length: 1000 }, () => 0)
  let found = 0
  for (let place = 0; place < 3000; place++) {
    const bytes = rtp({ sequenceNumber: place, timestamp: place, payload })
    bytes.fill(place, 12)
    const now = place * 2
    history.add(place, parsed(bytes), now)
    expect(history.capacity).toBeLessThanOrEqual(maxBytes)
    const back = place - (place % 300)
    if (!history.read(back, view, now)) continue
    found++
    expect(view.timestamp).toBe(back)
    expect(view.bytes[view.payloadStart]).toBe(back & 0xff)
    expect(view.bytes[view.payloadEnd - 1]).toBe(back & 0xff)
    // In full: a quarter of a mebibyte holds at least 250 such packets.
  }
  expect(history.capacity).toBe(maxBytes)
  expect(found).toBeGreaterThan(0.7 * 3000)
})

test('a slow stream keeps its second in the first memory', () => {
  const history = new PacketHistory()
  for (let place = 0; place < 5000; place++) history.add(place, parsed(rtp({ payload: [1, 2, 3] })), place * 20)
  expect(history.capacity).toBe(1 << 16)
  expect(history.read(4960, view, 4999 * 20)).toBe(true)
})
