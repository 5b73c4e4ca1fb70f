import { compactNtp as compactOf, forEachArrival, ntpFromUnixMs, unixMsFromNtp } from '@parley/rtp'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { camera, publishedIds, watching } from './testing/media.ts'
import { vp8Delta, vp8Key } from './testing/packets.ts'
import { adaAndBob } from './testing/router-harness.ts'

let { call, ada, bob } = adaAndBob()

beforeEach(() => {
  ;({ call, ada, bob } = adaAndBob())
  call.publish(1, ada, camera)
  call.subscribe(1, bob, 1, watching)
})

function send(sequenceNumber: number, payload: readonly number[] = vp8Delta): void {
  call.receive(ada, { sequenceNumber, timestamp: sequenceNumber * 3000, payload })
}

/** A key frame and `count` packets after it, a millisecond apart. */
function stream(count: number, payload: readonly number[] = vp8Delta): void {
  send(0, vp8Key)
  for (let number = 1; number <= count; number++) {
    call.advance(1)
    send(number, payload)
  }
}

function nack(...lost: number[]): void {
  call.receiveRtcp(bob, 'nack', { senderSsrc: 5, mediaSsrc: 1001, lost: lost.map(number => number & 0xffff) })
}

describe('retransmission to subscribers', () => {
  test('what is asked for comes again on the RTX stream, under its own numbers', () => {
    stream(10)
    const [first = 0] = bob.sequenceNumbers
    nack(first + 3, first + 7)
    const again = bob.rtp.slice(11)
    expect(again.map(({ ssrc, payloadType }) => [ssrc, payloadType])).toEqual([
      [1002, 121],
      [1002, 121],
    ])
    expect(((again[1]?.sequenceNumber ?? 0) - (again[0]?.sequenceNumber ?? 0)) & 0xffff).toBe(1)
    const [packet] = again
    const original = bob.rtp[3]
    expect(packet?.timestamp).toBe(original?.timestamp)
    const payload = [...(packet?.bytes.subarray(packet.payloadStart) ?? [])]
    expect(payload).toEqual([((first + 3) >> 8) & 0xff, (first + 3) & 0xff, ...vp8Delta])
  })

  test('a packet once a round trip; nothing unsent, nothing too old', () => {
    stream(10)
    const [first = 0] = bob.sequenceNumbers
    nack(first + 3, first + 3, first + 11, first - 1)
    nack(first + 3)
    expect(bob.rtp).toHaveLength(12)
    call.advance(101)
    nack(first + 3)
    expect(bob.rtp).toHaveLength(13)
    call.advance(1000)
    nack(first + 3)
    expect(bob.rtp).toHaveLength(13)
    expect(call.router.counters()).toMatchObject({ nacksReceived: 7, retransmitted: 2, notRetransmitted: 5 })
  })

  test('without RTX nothing is sent twice', () => {
    const carol = call.transport(3)
    const plain = { ...watching, ssrc: 7, rtxSsrc: undefined, payloadTypes: [{ from: 96, to: 96, rtx: undefined }] }
    call.subscribe(2, carol, 1, plain)
    stream(10)
    const [first = 0] = carol.sequenceNumbers
    call.receiveRtcp(carol, 'nack', { senderSsrc: 5, mediaSsrc: 7, lost: [first + 1, first + 2] })
    expect(carol.rtp).toHaveLength(11)
  })

  test('once RTX is agreed later, from then on', () => {
    const carol = call.transport(3)
    call.publish(2, ada, { ...camera, mid: '5', encodings: [{ rid: undefined, ssrc: 31, rtxSsrc: undefined }] })
    call.subscribe(2, carol, 2, { ...watching, rtxSsrc: undefined })
    call.receive(ada, { ssrc: 31, sequenceNumber: 1, payload: vp8Key })
    call.router.resubscribe({ is: 'resubscribe', subscription: 2, media: watching }, call.now)
    call.receive(ada, { ssrc: 31, sequenceNumber: 2 })
    call.receiveRtcp(carol, 'nack', { senderSsrc: 5, mediaSsrc: watching.ssrc, lost: carol.sequenceNumbers })
    expect(carol.rtp.map(({ ssrc }) => ssrc)).toEqual([1001, 1001, 1002])
  })

  test('a flood of NACKs is answered with no more than was sent before', () => {
    const large = [...vp8Delta, ...Array.from({ length: 1000 }, () => 7)]
    stream(800, large)
    const forwarded = bob.rtp.reduce((bytes, { payloadLength }) => bytes + payloadLength, 0)
    const [first = 0] = bob.sequenceNumbers
    const all = Array.from({ length: 800 }, (_, i) => first + i)
    for (let ms = 0; ms < 900; ms++) {
      nack(...all.slice(0, 400))
      nack(...all.slice(400))
      call.advance(1)
    }
    const again = bob.rtp.slice(801).reduce((bytes, { payloadLength }) => bytes + payloadLength, 0)
    expect(again).toBeGreaterThan(0)
    expect(again).toBeLessThan(1.2 * forwarded)
  })
})

describe('asking publishers', () => {
  test('for packets that are missing, as long as somebody watches', () => {
    stream(3)
    send(6)
    call.advance(15)
    expect(ada.sent('nack')).toMatchObject([{ mediaSsrc: 1, lost: [4, 5] }])
    call.receive(ada, { ssrc: 2, payloadType: 97, timestamp: 12_000, payload: [0, 4, ...vp8Delta] })
    call.advance(200)
    expect(ada.sent('nack').at(-1)).toMatchObject({ lost: [5] })
    const count = ada.sent('nack').length
    call.router.unsubscribe({ is: 'unsubscribe', subscription: 1 }, call.now)
    send(20)
    call.advance(1000)
    expect(ada.sent('nack')).toHaveLength(count)
  })

  test('for a key frame when packets were given up', () => {
    stream(3)
    call.advance(600)
    const before = ada.sent('pictureLossIndication').length
    send(5)
    call.advance(1500)
    expect(ada.sent('pictureLossIndication').length).toBeGreaterThan(before)
    expect(call.router.counters().abandoned).toBe(1)
  })

  test('for one key frame, however many have lost theirs', () => {
    const all = Array.from({ length: 50 }, (_, i) => call.transport(10 + i))
    for (const [i, transport] of all.entries())
      call.subscribe(10 + i, transport, 1, { ...watching, ssrc: 5000 + 2 * i })
    stream(3)
    call.advance(1000)
    for (let ms = 0; ms < 400; ms += 10) {
      for (const [i, transport] of all.entries()) {
        call.receiveRtcp(transport, 'pictureLossIndication', { senderSsrc: 5, mediaSsrc: 5000 + 2 * i })
      }
      call.advance(10)
    }
    expect(ada.sent('pictureLossIndication')).toHaveLength(1)
    expect(call.router.counters()).toMatchObject({ keyFrameRequests: 1, keyFrameRequestsReceived: 2000 })
  })

  test('not for a key frame that the subscriber cannot know of yet', () => {
    call.receiveRtcp(ada, 'senderReport', report(0))
    stream(3)
    call.receiveRtcp(ada, 'senderReport', report(3))
    call.advance(60)
    const [sent] = bob.sent('senderReport')
    const lastSr = sent ? compactOf(sent.ntp) : 0
    const block = { fractionLost: 0, cumulativeLost: 0, highestSequenceNumber: 0, jitter: 0, lastSr }
    call.receiveRtcp(bob, 'receiverReport', {
      ssrc: 5,
      reports: [{ ssrc: 1001, ...block, delaySinceLastSr: 0 }],
    })
    send(4, vp8Key)
    call.advance(2)
    call.receiveRtcp(bob, 'pictureLossIndication', { senderSsrc: 5, mediaSsrc: 1001 })
    call.advance(50)
    expect(ada.sent('pictureLossIndication')).toHaveLength(0)
    call.advance(1000)
    call.receiveRtcp(bob, 'pictureLossIndication', { senderSsrc: 5, mediaSsrc: 1001 })
    call.advance(1)
    expect(ada.sent('pictureLossIndication')).toHaveLength(1)
  })
})

describe('reports', () => {
  test('receiver reports tell a publisher what arrived, about once a second, with our name', () => {
    stream(3)
    send(6)
    call.receiveRtcp(ada, 'senderReport', report(6))
    call.advance(3300)
    const [first] = ada.sent('receiverReport')
    expect(first?.reports).toMatchObject([{ ssrc: 1, cumulativeLost: 2, lastSr: compactOf(report(6).ntp) }])
    expect(ada.sent('sourceDescription')[0]?.chunks[0]?.ssrc).toBe(first?.ssrc)
    // Nothing more came, so there is nothing more to report.
    expect(ada.sent('receiverReport')).toHaveLength(1)
    send(7)
    call.advance(1600)
    expect(ada.sent('receiverReport')).toHaveLength(2)
  })

  test('sender reports keep the publisher’s time and count what we sent', () => {
    stream(3)
    call.receiveRtcp(ada, 'senderReport', report(3))
    call.advance(1600)
    send(4)
    call.advance(1600)
    const reports = bob.sent('senderReport')
    expect(reports.map(({ packetCount, octetCount }) => [packetCount, octetCount])).toEqual([
      [4, 20],
      [5, 25],
    ])
    const timestampShift = (bob.rtp[0]?.timestamp ?? 0) - 0
    for (const sent of reports) {
      expect(sent.ssrc).toBe(1001)
      const sinceMs = unixMsFromNtp(sent.ntp) - wallClock
      expect((sent.rtpTimestamp - timestampShift - 9000 - sinceMs * 90) | 0).toBeCloseTo(0, -1)
    }
    const [named] = bob.sent('sourceDescription')
    expect(named?.chunks).toMatchObject([{ ssrc: 1001, items: [{ text: 'ada' }] }])
  })

  test('arrivals are told to publishers that agreed on it', () => {
    for (let number = 0; number < 30; number++) {
      call.receive(ada, {
        sequenceNumber: number,
        payload: number ? vp8Delta : vp8Key,
        extensions: { [publishedIds.transportSequenceNumber]: [0, number === 20 ? 19 : number] },
      })
      call.advance(10)
    }
    const arrived = new Map<number, number>()
    for (const feedback of ada.sent('transportFeedback'))
      forEachArrival(feedback, (number, us) => arrived.set(number, us))
    expect(ada.sent('transportFeedback').length).toBeGreaterThanOrEqual(3)
    expect(arrived.has(20)).toBe(false)
    expect((arrived.get(21) ?? 0) - (arrived.get(1) ?? 0)).toBe(200_000)
    // Nothing is told when nothing comes.
    call.advance(1000)
    const count = ada.sent('transportFeedback').length
    call.advance(10_000)
    expect(ada.sent('transportFeedback')).toHaveLength(count)
  })

  test('REMB only where nothing better was agreed', () => {
    stream(3)
    call.advance(1600)
    expect(ada.sent('receiverEstimatedBitrate')).toEqual([])
    const old = { ...camera, codecs: camera.codecs.map(codec => ({ ...codec, feedback: ['goog-remb'] as const })) }
    call.router.republish({ is: 'republish', publication: 1, media: old }, call.now)
    send(4)
    call.advance(1600)
    expect(ada.sent('receiverEstimatedBitrate')).toMatchObject([{ ssrcs: [1] }])
    expect(ada.sent('receiverEstimatedBitrate')[0]?.bitrateBps).toBeGreaterThan(10e6)
  })
})

describe('hostile RTCP', () => {
  test('rubbish is counted and nothing else', () => {
    stream(3)
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(200, 201, 202, 203, 205, 206, 207),
        (bytes, type) => {
          const packet = Uint8Array.from([0x81, type, 0, Math.max(0, (bytes.length >> 2) - 1), ...bytes])
          for (const transport of [ada, bob]) {
            call.router.receiveRtcp(transport, packet, 0, packet.length, call.now)
            call.router.receiveRtcp(transport, bytes, 0, bytes.length, call.now)
          }
        },
      ),
    )
    expect(call.router.counters().malformedRtcp).toBeGreaterThan(0)
    const before = bob.rtp.length
    send(4)
    expect(bob.rtp).toHaveLength(before + 1)
  })

  test('who speaks of streams that are not theirs is not heard', () => {
    stream(3)
    const eve = call.transport(3)
    const before = bob.rtp.length
    call.receiveRtcp(eve, 'nack', { senderSsrc: 5, mediaSsrc: 1001, lost: bob.sequenceNumbers })
    call.receiveRtcp(eve, 'pictureLossIndication', { senderSsrc: 5, mediaSsrc: 1001 })
    call.receiveRtcp(eve, 'bye', { ssrcs: [1, 1001] })
    call.receiveRtcp(eve, 'senderReport', report(0))
    expect(call.reports).toHaveLength(1)
    call.advance(1600)
    expect(bob.rtp).toHaveLength(before)
    expect(bob.sent('senderReport')).toEqual([])
    expect(ada.sent('pictureLossIndication')).toEqual([])
  })

  test('any RTP passes or is dropped, and nothing throws', () => {
    stream(3)
    const field = fc.record({
      ssrc: fc.constantFrom(1, 2, 3),
      sequenceNumber: fc.nat(0xffff),
      timestamp: fc.nat(0xffffffff),
      payloadType: fc.constantFrom(96, 97, 102, 103, 5),
      payload: fc.array(fc.nat(255), { maxLength: 12 }),
    })
    fc.assert(
      fc.property(fc.array(field, { maxLength: 50 }), packets => {
        for (const packet of packets) {
          call.receive(ada, packet)
          call.advance(5)
        }
      }),
    )
    expect(new Set(bob.rtp.map(({ ssrc, sequenceNumber }) => ssrc * 0x10000 + sequenceNumber)).size).toBe(
      bob.rtp.length,
    )
    expect(call.router.counters().historyBytes).toBeLessThanOrEqual(1 << 21)
  })
})

test('who loses much of what they send is told to lose it on their side', () => {
  call.publish(1, ada, camera)
  for (let number = 0; call.now < 8000; number++) {
    if (number % 10 > 0) call.receive(ada, { sequenceNumber: number, timestamp: number * 900 })
    call.advance(10)
  }
  const quality = { score: 2, reason: 'uplink-loss' }
  expect(call.qualities.at(-1)).toEqual({ is: 'quality', transport: ada.id, quality })
})

const wallClock = 1_700_000_000_000

/** As the publisher sends it at the moment of this packet. */
function report(sequenceNumber: number) {
  const ntp = ntpFromUnixMs(wallClock)
  return { ssrc: 1, ntp, rtpTimestamp: sequenceNumber * 3000, packetCount: 0, octetCount: 0, reports: [] }
}
