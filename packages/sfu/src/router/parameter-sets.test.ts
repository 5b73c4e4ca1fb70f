import { beforeEach, expect, test } from 'vitest'
import { camera, watching } from './testing/media.ts'
import { adaAndBob } from './testing/router-harness.ts'

let { call, ada, bob } = adaAndBob()

beforeEach(() => {
  ;({ call, ada, bob } = adaAndBob())
})

const sps = [0x67, 0x42, 0xc0, 0x1f, 0xd9, 0x00, 0xb4]
const pps = [0x68, 0xcb, 0x83, 0xcb]
const idr = [0x65, 0x88, 0x84]
const slice = [0x41, 0x9a, 0x20]
const h264 = (parameters: string) => ({
  ...camera,
  codecs: camera.codecs.filter(({ name }) => name === 'h264').map(codec => ({ ...codec, parameters })),
})
const base64 = (nal: readonly number[]) => Buffer.from(nal).toString('base64')
const payloads = () =>
  bob.rtp.map(({ bytes, payloadStart, payloadEnd }) => [...bytes.subarray(payloadStart, payloadEnd)])
const send264 = (number: number, timestamp: number, payload: readonly number[], marker = false) =>
  call.receive(ada, { payloadType: 102, sequenceNumber: number, timestamp, payload, marker })

test('H.264: parameter sets that came once are put before each key frame that lacks them, and can be sent again', () => {
  call.publish(1, ada, h264('packetization-mode=1'))
  send264(1, 0, sps)
  send264(2, 0, pps)
  send264(3, 0, idr, true)
  call.subscribe(1, bob, 1, watching)
  send264(4, 3000, slice, true)
  send264(5, 6000, idr, true)
  send264(6, 9000, slice, true)
  expect(payloads()).toEqual([sps, pps, idr, slice])
  const [first = 0] = bob.sequenceNumbers
  expect(bob.sequenceNumbers.map(number => number - first)).toEqual([0, 1, 2, 3])
  expect(new Set(bob.rtp.slice(0, 3).map(({ timestamp }) => timestamp)).size).toBe(1)
  expect(bob.rtp.map(({ marker }) => marker)).toEqual([false, false, true, true])
  call.receiveRtcp(bob, 'nack', { senderSsrc: 1, mediaSsrc: watching.ssrc, lost: [first + 1] })
  expect(payloads().at(-1)?.slice(2)).toEqual(pps)
})

test('H.264: a key frame that brings its parameter sets is left as it is', () => {
  call.publish(1, ada, h264('packetization-mode=1'))
  call.subscribe(1, bob, 1, watching)
  const aggregate = [0x78, 0, sps.length, ...sps, 0, pps.length, ...pps]
  for (let picture = 0; picture < 3; picture++) {
    send264(2 * picture, picture * 3000, aggregate)
    send264(2 * picture + 1, picture * 3000, [0x7c, 0x85, 0x88, 0x84], true)
  }
  expect(payloads()).toHaveLength(6)
})

test('H.264: parameter sets of the offer; new ones in the stream take their place', () => {
  call.publish(1, ada, h264(`packetization-mode=1;sprop-parameter-sets=${base64(sps)},${base64(pps)}`))
  call.subscribe(1, bob, 1, watching)
  send264(1, 0, [0x7c, 0x85, 0x88, 0x84], true)
  expect(payloads().slice(0, 2)).toEqual([sps, pps])
  const newer = [...pps, 1]
  send264(2, 3000, newer)
  send264(3, 3000, idr, true)
  send264(4, 6000, idr, true)
  expect(payloads().slice(-3)).toEqual([sps, newer, idr])
})

test('H.265: parameter sets that came once are put before later key frames', () => {
  const names = { vps: [0x40, 1, 12], sps: [0x42, 1, 1], pps: [0x44, 1, 0xc1] }
  const key = [0x26, 1, 0xaf]
  const h265 = h264('').codecs.map(codec => ({ ...codec, name: 'h265' }))
  call.publish(1, ada, { ...camera, codecs: h265 })
  for (const [index, nal] of Object.values(names).entries()) send264(index, 0, nal)
  send264(3, 0, key, true)
  call.subscribe(1, bob, 1, watching)
  send264(4, 3000, key, true)
  expect(payloads()).toEqual([...Object.values(names), key])
})
