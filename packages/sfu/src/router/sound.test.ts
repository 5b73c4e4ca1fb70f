import { expect, test } from 'vitest'
import {
  heard,
  LossySound,
  type LossySoundOptions,
  listeningToRed,
  microphoneWithRed,
  opus,
  red,
} from './testing/lossy-sound.ts'
import { listening } from './testing/media.ts'
import type { RtpFields } from './testing/packets.ts'
import { adaAndBob } from './testing/router-harness.ts'

const settledMs = 5000
const minuteMs = 60_000

function listen(options: LossySoundOptions): LossySound {
  const sound = new LossySound(options)
  sound.run(settledMs + minuteMs)
  return sound
}

const concealed = (sound: LossySound) => sound.concealed(settledMs, settledMs + minuteMs - 1000)

test.each([
  // What cannot be made up for: three in a row, one in a hundred where one is repeated.
  ['feedback', 0.3, 0.05],
  ['feedback', 0.1, 0.005],
  ['feedback', 0.03, 0.005],
  ['reports', 0.3, 0.05],
  ['reports', 0.1, 0.005],
] as const)('by %s: of %s lost, less than %s are concealed', (tells, downlinkLoss, most) => {
  expect(concealed(listen({ media: listeningToRed, downlinkLoss, tells }))).toBeLessThan(most)
})

test('with plain Opus all that is lost is concealed', () => {
  const media = { ...listeningToRed, payloadTypes: listening.payloadTypes }
  expect(concealed(listen({ media, downlinkLoss: 0.3, tells: 'feedback' }))).toBeGreaterThan(0.25)
})

test('a publisher’s RED makes up for the way to us, and costs nothing on the way from us', () => {
  const sound = listen({ media: listening, uplinkLoss: 0.1, published: 2, tells: 'reports' })
  expect(concealed(sound)).toBeLessThan(0.005)
  expect(sound.arrived.every(({ payloadType }) => payloadType === heard.opus)).toBe(true)
  expect(sound.counters.recoveredByRed).toBeGreaterThan(200)
})

test('where both ways lose packets, each is made up for on its own', () => {
  const losses = { uplinkLoss: 0.1, downlinkLoss: 0.1 }
  expect(concealed(listen({ media: listeningToRed, ...losses, published: 2, tells: 'feedback' }))).toBeLessThan(0.01)
  expect(concealed(listen({ media: listeningToRed, ...losses, tells: 'feedback' }))).toBeGreaterThan(0.08)
})

test.each([0, 1])('a clean link is sent plain Opus, whether or not the publisher sends RED (%s)', published => {
  const sound = listen({ media: listeningToRed, published, tells: 'feedback' })
  expect(sound.shareOfRed(0, minuteMs)).toBe(0)
  expect(concealed(sound)).toBe(0)
})

test('who loses nothing any more gets plain Opus again, after a while', () => {
  const options = { media: listeningToRed, downlinkLoss: 0.2, tells: 'feedback' as const }
  const sound = new LossySound(options)
  sound.run(10_000)
  expect(sound.shareOfRed(settledMs, 10_000)).toBe(1)
  options.downlinkLoss = 0
  sound.run(50_000)
  expect(sound.shareOfRed(15_000, 20_000)).toBe(1)
  expect(sound.shareOfRed(50_000, 60_000)).toBe(0)
})

/** Ada publishes with RED, and Bob takes plain Opus. */
function plainBob(...feedback: Parameters<typeof microphoneWithRed>) {
  const { call, ada, bob } = adaAndBob()
  call.publish(1, ada, microphoneWithRed(...feedback))
  call.subscribe(2, bob, 1, listening)
  const receive = (sequenceNumber: number, payload: readonly number[], more: RtpFields = {}) =>
    call.receive(ada, { ssrc: 11, sequenceNumber, timestamp: sequenceNumber * 960, payloadType: red, payload, ...more })
  const sent = () => bob.rtp.map(({ bytes, payloadStart, payloadEnd }) => [...bytes.subarray(payloadStart, payloadEnd)])
  return { call, ada, bob, receive, sent }
}

/** The payload of RED with the sounds of packets before, the oldest first, and its own. */
function redOf(...sounds: readonly number[]): number[] {
  const heads = sounds.slice(0, -1).flatMap((_, i) => {
    const age = (sounds.length - 1 - i) * 960
    return [0x80 | opus, age >> 6, (age & 0x3f) << 2, 1]
  })
  return [...heads, opus, ...sounds]
}

test('what is lost on the way to us is sent in its order, under its own number and time', () => {
  const { bob, call, receive, sent } = plainBob()
  receive(1, redOf(1))
  receive(4, redOf(2, 3, 4))
  receive(5, redOf(3, 4, 5))
  expect(sent()).toEqual([[1], [2], [3], [4], [5]])
  const [first = 0] = bob.sequenceNumbers
  expect(bob.sequenceNumbers).toEqual([0, 1, 2, 3, 4].map(i => first + i))
  const times = bob.rtp.map(({ timestamp }) => timestamp - (bob.rtp[0]?.timestamp ?? 0))
  expect(times).toEqual([0, 1, 2, 3, 4].map(i => i * 960))
  expect(call.router.counters()).toMatchObject({ recoveredByRed: 2, duplicates: 0 })
})

test('plain Opus between RED, as for payloads that are too long, is taken as it is', () => {
  const { receive, sent } = plainBob()
  receive(1, redOf(1))
  receive(2, [2], { payloadType: opus })
  receive(4, redOf(3, 4))
  expect(sent()).toEqual([[1], [2], [3], [4]])
})

test('the loudness in a header is that of its own packet', () => {
  const { bob, receive } = plainBob()
  receive(1, redOf(1), { extensions: { 1: [0x85] } })
  receive(3, redOf(2, 3), { extensions: { 1: [0x99] } })
  expect(bob.rtp.map(packet => packet.findExtension(10) >= 0)).toEqual([true, false, true])
})

test('what RED has brought is not asked for; what it has not is, and its loss is reported', () => {
  const { call, ada, receive } = plainBob('nack')
  receive(1, redOf(1))
  receive(3, redOf(2, 3))
  call.advance(15)
  expect(ada.sent('nack')).toEqual([])
  receive(7, redOf(6, 7))
  call.advance(15)
  expect(ada.sent('nack').flatMap(({ lost }) => lost)).toEqual([4, 5])
  call.advance(2000)
  const [report] = ada.sent('receiverReport')
  expect(report?.reports[0]?.cumulativeLost).toBe(4)
})

test('a packet that was merely overtaken is not reported lost, and is sent once', () => {
  const { call, ada, receive, sent } = plainBob()
  receive(1, redOf(1))
  receive(3, redOf(2, 3))
  receive(2, redOf(1, 2))
  receive(2, redOf(1, 2))
  expect(sent()).toEqual([[1], [2], [3]])
  call.advance(2000)
  expect(ada.sent('receiverReport')[0]?.reports[0]?.cumulativeLost).toBe(0)
})

test('what the first packet repeats is before the beginning', () => {
  const { receive, sent } = plainBob()
  receive(5, redOf(3, 4, 5))
  expect(sent()).toEqual([[5]])
})

test('broken RED is counted and dropped, and the next that is whole is sent', () => {
  const { call, receive, sent } = plainBob()
  const broken = [[], [0xef], [0xef, 15, 0, 9, opus, 1], [opus], [red, 1], [96, 1], Array(500).fill(0xef)]
  for (const [i, payload] of broken.entries()) receive(i, payload)
  receive(broken.length, redOf(1))
  expect(sent()).toEqual([[1]])
  expect(call.router.counters()).toMatchObject({ malformedRed: broken.length, recoveredByRed: 0 })
})

test('RED that was not agreed, or is not any more, goes nowhere', () => {
  const { call, receive, sent } = plainBob()
  receive(1, redOf(1))
  const codecs = microphoneWithRed().codecs.map(({ red: _, ...codec }) => codec)
  call.router.republish({ is: 'republish', publication: 1, media: { ...microphoneWithRed(), codecs } }, call.now)
  receive(2, redOf(1, 2))
  expect(sent()).toEqual([[1]])
  expect(call.router.counters().unknown).toBe(1)
})

test('signals of keys between sounds are not repeated', () => {
  const { call, ada, bob } = adaAndBob()
  call.publish(1, ada, microphoneWithRed())
  const payloadTypes = [...listeningToRed.payloadTypes, { from: 126, to: 126, rtx: undefined }]
  call.subscribe(2, bob, 1, { ...listeningToRed, payloadTypes })
  const send = (sequenceNumber: number, payloadType: number) =>
    call.receive(ada, { ssrc: 11, sequenceNumber, timestamp: sequenceNumber * 960, payloadType, payload: [1] })
  send(1, opus)
  const feedback = { senderSsrc: 1, mediaSsrc: 1, feedbackPacketCount: 0, baseSequenceNumber: 0, referenceTime: 0 }
  const arrivals = Array.from({ length: 50 }, (_, i) => ({ sequenceNumber: 2 * i, delta: 4 }))
  call.receiveRtcp(bob, 'transportFeedback', { ...feedback, packetStatusCount: 99, arrivals })
  for (const [i, payloadType] of [opus, opus, 126, opus, opus].entries()) send(2 + i, payloadType)
  const payloads = bob.rtp.map(({ payloadType }) => payloadType)
  // The distance is known from the first feedback on; what was sent before is repeated once it was remembered.
  expect(payloads).toEqual([heard.opus, heard.opus, heard.red, 126, heard.opus, heard.red])
})
