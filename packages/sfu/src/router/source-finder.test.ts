import { beforeEach, expect, test } from 'vitest'
import { camera, microphone, watching } from './testing/media.ts'
import { vp8Delta, vp8Key } from './testing/packets.ts'
import { type LoggedTransport, RouterHarness } from './testing/router-harness.ts'

let call: RouterHarness
let ada: LoggedTransport
let bob: LoggedTransport

beforeEach(() => {
  call = new RouterHarness()
  ada = call.transport(1)
  bob = call.transport(2)
})

test('by its payload type rather than by a source that was told wrong', () => {
  const told = (ssrc: number) => ({ encodings: [{ rid: undefined, ssrc, rtxSsrc: undefined }] })
  call.publish(1, ada, { ...camera, ...told(78) })
  call.publish(2, ada, { ...microphone, ...told(77) })
  call.subscribe(1, bob, 1, watching)
  call.receive(ada, { ssrc: 77, payload: vp8Key })
  expect(bob.rtp).toHaveLength(1)
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
