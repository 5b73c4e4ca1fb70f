import { beforeEach, expect, test } from 'vitest'
import type { PublishedMedia } from '../control.ts'
import { camera, microphone, publishedIds, watching } from './testing/media.ts'
import { ascii, vp8Delta, vp8Key, vp8KeyOf } from './testing/packets.ts'
import { adaAndBob } from './testing/router-harness.ts'

let { call, ada, bob } = adaAndBob()

beforeEach(() => {
  ;({ call, ada, bob } = adaAndBob())
})

const unsignalled: PublishedMedia = {
  ...camera,
  encodings: [{ rid: undefined, ssrc: undefined, rtxSsrc: undefined }],
}

test('by mid, retransmissions too', () => {
  call.publish(1, ada, unsignalled)
  call.publish(2, ada, { ...unsignalled, mid: '5' })
  call.subscribe(1, bob, 1, watching)
  const mid = { [publishedIds.mid]: ascii('0') }
  call.receive(ada, { ssrc: 77, sequenceNumber: 1, payload: vp8Key, extensions: mid })
  call.receive(ada, { ssrc: 77, sequenceNumber: 3 })
  call.receive(ada, { ssrc: 78, payloadType: 97, payload: [0, 2, ...vp8Delta], extensions: mid })
  expect(bob.rtp).toHaveLength(3)
  expect(call.router.counters().recovered).toBe(1)
})

test('by a payload type that only one has; not where two have it', () => {
  call.publish(1, ada, unsignalled)
  call.subscribe(1, bob, 1, watching)
  call.receive(ada, { ssrc: 77, payload: vp8Key })
  expect(bob.rtp).toHaveLength(1)
  call.publish(2, ada, { ...unsignalled, mid: '5' })
  call.receive(ada, { ssrc: 99, payload: vp8Key })
  expect(call.router.counters().unknown).toBe(1)
})

test('by its payload type rather than by a source that was told wrong', () => {
  const told = (ssrc: number) => ({ encodings: [{ rid: undefined, ssrc, rtxSsrc: undefined }] })
  call.publish(1, ada, { ...camera, ...told(78) })
  call.publish(2, ada, { ...microphone, ...told(77) })
  call.subscribe(1, bob, 1, watching)
  call.receive(ada, { ssrc: 77, payload: vp8Key })
  expect(bob.rtp).toHaveLength(1)
})

test.each([
  ['the lowest first, as browsers do', ['lo', 'hi']],
  ['the best first, as encoders do', ['hi', 'lo']],
])('layers by rid, %s: the one with the most pixels that flows is forwarded, from a key frame on', (_, rids) => {
  const layers = { ...camera, encodings: rids.map(rid => ({ rid, ssrc: undefined, rtxSsrc: undefined })) }
  call.publish(1, ada, layers)
  call.subscribe(1, bob, 1, watching)
  const send = (rid: string, ssrc: number, sequenceNumber: number, payload: readonly number[]) =>
    call.receive(ada, {
      ssrc,
      sequenceNumber,
      timestamp: Math.round(call.now * 90),
      extensions: { [publishedIds.mid]: ascii('0'), [publishedIds.rid]: ascii(rid) },
      payload,
    })
  send('lo', 50, 1, vp8KeyOf(320, 180))
  send('hi', 60, 500, vp8Delta)
  send('lo', 50, 2, vp8Delta)
  expect(bob.rtp).toHaveLength(2)
  call.advance(33)
  send('hi', 60, 501, vp8KeyOf(640, 360))
  send('lo', 50, 3, vp8Delta)
  send('hi', 60, 502, vp8Delta)
  const [first = 0] = bob.sequenceNumbers
  expect(bob.sequenceNumbers.map(number => number - first)).toEqual([0, 1, 2, 3])
  for (let number = 4; call.now < 3000; number++) {
    send('lo', 50, number, vp8Delta)
    call.advance(33)
  }
  expect(ada.sent('pictureLossIndication').some(({ mediaSsrc }) => mediaSsrc === 50)).toBe(true)
  send('lo', 50, 200, vp8Key)
  expect(bob.rtp).toHaveLength(5)
})

test('layers that do not say their size are compared by what they carry', () => {
  const layers = { ...camera, encodings: ['0', '1'].map(rid => ({ rid, ssrc: undefined, rtxSsrc: undefined })) }
  call.publish(1, ada, layers)
  call.subscribe(1, bob, 1, watching)
  const big = [...vp8Delta, ...new Array<number>(400).fill(1)]
  const send = (rid: string, ssrc: number, number: number, payload: readonly number[]) => {
    const extensions = { [publishedIds.mid]: ascii('0'), [publishedIds.rid]: ascii(rid) }
    const timestamp = Math.round(call.now * 90)
    call.receive(ada, { ssrc, sequenceNumber: number, timestamp, extensions, payload })
  }
  for (let number = 0; call.now < 3000; number++) {
    send('0', 50, number, number % 30 === 0 ? [...vp8Key, ...big] : big)
    send('1', 60, number, number % 30 === 0 ? vp8Key : vp8Delta)
    call.advance(33)
  }
  const last = bob.rtp.slice(-20)
  expect(last.every(({ payloadStart, payloadEnd }) => payloadEnd - payloadStart > 400)).toBe(true)
})

test('layers without rids, though rids were agreed on: each source is one, and the best of them is forwarded', () => {
  const layers = { ...camera, encodings: ['0', '1'].map(rid => ({ rid, ssrc: undefined, rtxSsrc: undefined })) }
  call.publish(1, ada, layers)
  call.subscribe(1, bob, 1, watching)
  const big = new Array<number>(400).fill(1)
  for (let number = 0; call.now < 3000; number++) {
    const timestamp = Math.round(call.now * 90)
    const frame = number % 30 === 0 ? vp8Key : vp8Delta
    call.receive(ada, { ssrc: 50, sequenceNumber: number, timestamp, payload: frame })
    call.receive(ada, { ssrc: 60, sequenceNumber: number, timestamp, payload: [...frame, ...big] })
    call.advance(33)
  }
  expect(bob.rtp.slice(-20).every(({ payloadStart, payloadEnd }) => payloadEnd - payloadStart > 400)).toBe(true)
  call.receive(ada, { ssrc: 70, payload: vp8Key })
  expect(call.router.counters().unknown).toBe(1)
})

test('a new SSRC replaces the old one; late packets of that change nothing; a flood of SSRCs is bounded', () => {
  call.publish(1, ada, unsignalled)
  call.subscribe(1, bob, 1, watching)
  const mid = { [publishedIds.mid]: ascii('0') }
  call.receive(ada, { ssrc: 70, sequenceNumber: 1, payload: vp8Key, extensions: mid })
  call.advance(500)
  call.receive(ada, { ssrc: 71, sequenceNumber: 9000, timestamp: 1, payload: vp8Key, extensions: mid })
  call.receive(ada, { ssrc: 70, sequenceNumber: 2, extensions: mid })
  expect(bob.rtp).toHaveLength(2)
  expect((bob.sequenceNumbers[1] ?? 0) - (bob.sequenceNumbers[0] ?? 0)).toBe(1)
  expect(((bob.rtp[1]?.timestamp ?? 0) - (bob.rtp[0]?.timestamp ?? 0)) | 0).toBe(45_000)
  for (let i = 0; i < 10_000; i++) {
    call.receive(ada, { ssrc: 1000 + i, sequenceNumber: 1, payload: vp8Key, extensions: mid })
    if (i % 10 === 0) call.advance(1)
  }
  expect(bob.rtp.length).toBeLessThan(20)
  expect(call.router.counters().historyBytes).toBe(1 << 16)
})

test('packets of nobody’s are counted', () => {
  call.receive(ada, { ssrc: 5 })
  call.publish(1, ada, camera)
  call.receive(ada, { ssrc: 5, payloadType: 13 })
  call.receive(bob, { ssrc: 1 })
  expect(call.router.counters()).toMatchObject({ unknown: 3, rtpForwarded: 0 })
})
