import { beforeEach, describe, expect, test } from 'vitest'
import type { PublishedMedia } from '../control.ts'
import { camera, listening, microphone, publishedIds, watching } from './testing/media.ts'
import { ascii, vp8Delta, vp8Key, vp8KeyOf } from './testing/packets.ts'
import { type LoggedTransport, RouterHarness } from './testing/router-harness.ts'

let call: RouterHarness
let ada: LoggedTransport
let bob: LoggedTransport

beforeEach(() => {
  call = new RouterHarness()
  ada = call.transport(1)
  bob = call.transport(2)
})

/** Ada publishes her camera, Bob watches; a key frame has come. */
function watch(media: PublishedMedia = camera): void {
  call.publish(1, ada, media)
  call.subscribe(1, bob, 1, watching)
  call.receive(ada, { sequenceNumber: 100, timestamp: 9000, payload: vp8Key })
}

function delta(sequenceNumber: number): void {
  call.receive(ada, { sequenceNumber, timestamp: 9000 + (sequenceNumber - 100) * 3000, payload: vp8Delta })
}

describe('rewriting', () => {
  test('SSRC, payload type and extensions are the subscriber’s; the mid is written, what tells of one hop is not', () => {
    call.publish(1, ada, camera)
    call.subscribe(1, bob, 1, watching)
    const extensions = {
      [publishedIds.mid]: ascii('0'),
      [publishedIds.rid]: ascii('hi'),
      [publishedIds.transportSequenceNumber]: [0, 9],
      [publishedIds.absSendTime]: [1, 2, 3],
      [publishedIds.audioLevel]: [0x85],
    }
    call.receive(ada, { sequenceNumber: 7, marker: true, extensions, payload: vp8Key })
    const [packet] = bob.rtp
    expect(packet).toMatchObject({ ssrc: 1001, payloadType: 120, marker: true })
    const elements: Record<number, number[]> = {}
    packet?.rewindExtensions()
    while (packet?.nextExtension()) {
      const { bytes, extensionOffset: at, extensionLength: length } = packet
      elements[packet.extensionId] = [...bytes.subarray(at, at + length)]
    }
    expect(elements).toEqual({ 9: ascii('a7'), 10: [0x85] })
    expect([...(packet?.bytes.subarray(packet.payloadStart) ?? [])]).toEqual([...vp8Key])
  })

  test('two who call their extensions the same get their own mids and numbers', () => {
    const carol = call.transport(3)
    call.publish(1, ada, camera)
    call.subscribe(1, bob, 1, watching)
    call.subscribe(2, carol, 1, { ...watching, mid: 'b9', ssrc: 2001 })
    call.receive(ada, { payload: vp8Key })
    const mid = (transport: LoggedTransport) => {
      const [packet] = transport.rtp
      const at = packet?.findExtension(9) ?? 0
      return [...(packet?.bytes.subarray(at, at + 2) ?? [])]
    }
    expect(mid(bob)).toEqual(ascii('a7'))
    expect(mid(carol)).toEqual(ascii('b9'))
    expect(carol.rtp[0]?.ssrc).toBe(2001)
  })

  test('padding leaves no gap, and fills one where it comes late', () => {
    watch()
    call.receive(ada, { sequenceNumber: 101, payload: [] })
    delta(102)
    delta(104)
    call.receive(ada, { sequenceNumber: 103, payload: [] })
    const [first = 0] = bob.sequenceNumbers
    expect(bob.sequenceNumbers.map(number => number - first)).toEqual([0, 1, 3, 2])
  })

  test('a payload type that was not agreed with the subscriber leaves no gap; one of nobody’s is dropped', () => {
    call.publish(1, ada, microphone)
    call.subscribe(1, bob, 1, listening)
    const hear = (sequenceNumber: number, payloadType = 111) =>
      call.receive(ada, { ssrc: 11, sequenceNumber, timestamp: sequenceNumber * 960, payloadType, payload: [1] })
    hear(1)
    hear(2, 126)
    hear(3)
    hear(4, 77)
    expect(bob.rtp.map(({ payloadType }) => payloadType)).toEqual([109, 109])
    expect((bob.sequenceNumbers[1] ?? 0) - (bob.sequenceNumbers[0] ?? 0)).toBe(1)
    expect(call.router.counters().unknown).toBe(1)
  })

  test('what was agreed may change while it flows', () => {
    watch()
    const changed = { ...watching, mid: 'zz', payloadTypes: [{ from: 96, to: 99, rtx: undefined }] }
    call.router.resubscribe({ is: 'resubscribe', subscription: 1, media: changed }, 0)
    const moved = { ...camera, codecs: camera.codecs.map(codec => ({ ...codec, payloadType: codec.payloadType - 50 })) }
    call.router.republish({ is: 'republish', publication: 1, media: moved }, 0)
    call.receive(ada, { sequenceNumber: 101, payloadType: 46 })
    expect(bob.rtp).toHaveLength(1)
    const both = { ...changed, payloadTypes: [{ from: 46, to: 99, rtx: undefined }] }
    call.router.resubscribe({ is: 'resubscribe', subscription: 1, media: both }, 0)
    call.receive(ada, { sequenceNumber: 102, payloadType: 46 })
    expect(bob.rtp[1]).toMatchObject({ payloadType: 99, ssrc: 1001 })
  })
})

describe('beginning', () => {
  test('video waits for a key frame and asks for it; sound does not wait', () => {
    call.publish(1, ada, camera)
    call.publish(2, ada, microphone)
    call.subscribe(1, bob, 1, watching)
    call.subscribe(2, bob, 2, listening)
    delta(100)
    call.receive(ada, { ssrc: 11, payloadType: 111, payload: [1] })
    expect(bob.rtp.map(({ ssrc }) => ssrc)).toEqual([1011])
    call.advance(600)
    expect(ada.sent('pictureLossIndication')).toMatchObject([{ mediaSsrc: 1 }, { mediaSsrc: 1 }])
    call.receive(ada, { sequenceNumber: 101, timestamp: 12_000, payload: vp8Key })
    call.advance(5000)
    expect(bob.rtp.map(({ ssrc }) => ssrc)).toEqual([1011, 1001])
    expect(ada.sent('pictureLossIndication')).toHaveLength(2)
  })

  test('FIR where PLI was not agreed; its number goes up with each new request only', () => {
    watch({ ...camera, codecs: camera.codecs.map(codec => ({ ...codec, feedback: ['ccm fir'] as const })) })
    const lose = () => call.receiveRtcp(bob, 'pictureLossIndication', { senderSsrc: 5, mediaSsrc: 1001 })
    lose()
    call.advance(700)
    call.receive(ada, { sequenceNumber: 101, payload: vp8Key })
    lose()
    call.advance(700)
    const numbers = ada.sent('fullIntraRequest').map(({ entries }) => entries[0]?.sequenceNumber)
    expect(numbers).toEqual([1, 1, 2])
    expect(ada.sent('pictureLossIndication')).toEqual([])
  })

  test('a key frame whose first packet comes late is caught up with', () => {
    call.publish(1, ada, camera)
    call.subscribe(1, bob, 1, watching)
    delta(100)
    const restOfFrame = [0x00, 1, 2]
    call.receive(ada, { sequenceNumber: 102, timestamp: 20_000, payload: restOfFrame })
    call.receive(ada, { sequenceNumber: 103, timestamp: 20_000, payload: restOfFrame, marker: true })
    expect(bob.rtp).toEqual([])
    const repair = [0, 101, ...vp8Key]
    call.receive(ada, { ssrc: 2, payloadType: 97, sequenceNumber: 9, timestamp: 20_000, payload: repair })
    const [first = 0] = bob.sequenceNumbers
    expect(bob.sequenceNumbers.map(number => number - first)).toEqual([0, 1, 2])
    expect(bob.rtp.map(({ marker }) => marker)).toEqual([false, false, true])
  })

  test('what cannot be read is forwarded after a second; a dependency descriptor tells at once', () => {
    const opaque = { ...camera, codecs: camera.codecs.map(codec => ({ ...codec, name: 'unread' })) }
    call.publish(1, ada, opaque)
    call.subscribe(1, bob, 1, watching)
    for (let number = 0; call.now < 950; number++) {
      call.receive(ada, { sequenceNumber: number, timestamp: number * 3000, payload: [1, 2, 3] })
      call.advance(33)
    }
    expect(bob.rtp).toEqual([])
    for (let number = 40; call.now < 1200; number++) {
      call.receive(ada, { sequenceNumber: number, timestamp: number * 3000, payload: [1, 2, 3] })
      call.advance(33)
    }
    expect(bob.rtp.length).toBeGreaterThan(2)
    const carol = call.transport(3)
    call.subscribe(2, carol, 1, { ...watching, ssrc: 3001, rtxSsrc: 3002 })
    // Start of frame, template 0, frame 1, with a structure of one template and one decode target (AV1 RTP appendix A).
    const structure = [0x80, 0x00, 0x01, 0x80, 0x00, 0xc4, 0x00]
    call.receive(ada, {
      sequenceNumber: 90,
      timestamp: 270_000,
      extensions: { [publishedIds.dependencyDescriptor]: structure },
      payload: [1, 2, 3],
    })
    expect(carol.rtp).toHaveLength(1)
  })

  test('after a pause numbers go on, and a key frame begins it', () => {
    watch()
    delta(101)
    call.router.pause({ is: 'pause', subscription: 1, paused: true }, call.now)
    for (let number = 102; number < 130; number++) delta(number)
    call.advance(1000)
    call.router.pause({ is: 'pause', subscription: 1, paused: false }, call.now)
    delta(130)
    expect(bob.rtp).toHaveLength(2)
    call.receive(ada, { sequenceNumber: 131, timestamp: 9000 + 31 * 3000, payload: vp8Key })
    const [first = 0, , third] = bob.sequenceNumbers
    expect(third).toBe(first + 2)
    expect((bob.rtp[2]?.timestamp ?? 0) - (bob.rtp[0]?.timestamp ?? 0)).toBe(31 * 3000)
  })

  test('who is not connected yet waits; a path that was lost begins anew with a key frame', () => {
    call.publish(1, ada, camera)
    call.subscribe(9, { ...bob, id: 7 } as LoggedTransport, 1, watching)
    call.receive(ada, { sequenceNumber: 100, payload: vp8Key })
    const late = call.transport(7)
    delta(101)
    expect(late.rtp).toEqual([])
    call.receive(ada, { sequenceNumber: 102, timestamp: 20_000, payload: vp8Key })
    expect(late.rtp).toHaveLength(1)
    late.connected = false
    delta(103)
    late.connected = true
    call.router.transportConnected(late, call.now)
    delta(104)
    call.receive(ada, { sequenceNumber: 105, timestamp: 30_000, payload: vp8Key })
    const [first = 0, second] = late.sequenceNumbers
    expect(late.rtp).toHaveLength(2)
    // The number of what could not leave is spent.
    expect(second).toBe(first + 2)
  })
})

describe('codecs', () => {
  test('who has not agreed to the codec of now waits, and asks for no key frames', () => {
    const carol = call.transport(3)
    watch()
    call.subscribe(2, carol, 1, { ...watching, ssrc: 3001, payloadTypes: [{ from: 102, to: 122, rtx: undefined }] })
    call.advance(1000)
    const before = ada.sent('pictureLossIndication').length
    for (let number = 101; number < 200; number++) {
      delta(number)
      call.advance(33)
    }
    expect(ada.sent('pictureLossIndication')).toHaveLength(before)
    call.receive(ada, { sequenceNumber: 200, timestamp: 309_000, payloadType: 102, payload: [0x41, 0x9a] })
    call.advance(10)
    expect(ada.sent('pictureLossIndication')).toHaveLength(before + 1)
    call.receive(ada, { sequenceNumber: 201, timestamp: 312_000, payloadType: 102, payload: [0x65, 0x88] })
    expect(carol.rtp.map(({ payloadType }) => payloadType)).toEqual([122])
    expect(bob.rtp.at(-1)?.payloadType).toBe(122)
    // Bob has not had the picture that was no key frame of the new codec, and no gap for it.
    expect((bob.sequenceNumbers.at(-1) ?? 0) - (bob.sequenceNumbers.at(-2) ?? 0)).toBe(1)
  })

  test('timestamps go on in the clock of the new codec', () => {
    const [opus] = microphone.codecs
    if (!opus) throw new Error('a microphone without a codec')
    const pcmu = { ...opus, payloadType: 0, name: 'pcmu', clockRate: 8000, channels: 1 }
    call.publish(1, ada, { ...microphone, codecs: [opus, pcmu] })
    const payloadTypes = [111, 0].map(from => ({ from, to: from, rtx: undefined }))
    call.subscribe(1, bob, 1, { ...listening, payloadTypes })
    call.receive(ada, { ssrc: 11, sequenceNumber: 1, timestamp: 1000, payloadType: 111, payload: [1] })
    call.advance(20)
    call.receive(ada, { ssrc: 11, sequenceNumber: 2, timestamp: 5000, payloadType: 0, payload: [1] })
    const [before, after] = bob.rtp.map(({ timestamp }) => timestamp)
    expect(((after ?? 0) - (before ?? 0)) | 0).toBe(160)
    expect(call.reports.map(row => row.is === 'publication' && row.codec)).toEqual(['opus', 'pcmu'])
  })

  test('under another SSRC a subscription begins anew', () => {
    watch()
    call.router.resubscribe({ is: 'resubscribe', subscription: 1, media: { ...watching, ssrc: 4001 } }, call.now)
    delta(101)
    call.receive(ada, { sequenceNumber: 102, timestamp: 15_000, payload: vp8Key })
    expect(bob.rtp.map(({ ssrc }) => ssrc)).toEqual([1001, 4001])
    call.receiveRtcp(bob, 'nack', { senderSsrc: 5, mediaSsrc: 4001, lost: [bob.sequenceNumbers[1] ?? 0] })
    expect(bob.rtp.at(-1)?.ssrc).toBe(1002)
  })
})

describe('finding the publication', () => {
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
})

describe('coming and going', () => {
  test('a publication that begins, stops and returns is reported', () => {
    watch()
    delta(101)
    call.advance(1499)
    expect(call.reports).toEqual([{ is: 'publication', publication: 1, active: true, codec: 'vp8' }])
    call.advance(2)
    expect(call.reports.at(-1)).toMatchObject({ active: false })
    delta(102)
    expect(call.reports.slice(2)).toEqual([{ is: 'publication', publication: 1, active: true, codec: 'vp8' }])
    call.receive(ada, { sequenceNumber: 103, timestamp: 99_000, payloadType: 102, payload: [0x65, 0x88] })
    expect(call.reports.at(-1)).toMatchObject({ active: true, codec: 'h264' })
    expect(bob.rtp.at(-1)?.payloadType).toBe(122)
  })

  test('BYE ends a publication at once; a new packet brings it back', () => {
    watch()
    call.receiveRtcp(ada, 'bye', { ssrcs: [1] })
    expect(call.reports.at(-1)).toMatchObject({ active: false })
    delta(101)
    expect(call.reports.at(-1)).toMatchObject({ active: true })
  })

  test('when the publisher is gone its subscriptions rest, and nothing is kept', () => {
    watch()
    call.router.transportClosed(ada, call.now)
    expect(call.reports.at(-1)).toMatchObject({ active: false })
    call.receive(ada, { sequenceNumber: 101 })
    expect(bob.rtp).toHaveLength(1)
    expect(call.router.counters()).toMatchObject({ publications: 0, subscriptions: 1, historyBytes: 0 })
    call.router.pause({ is: 'pause', subscription: 1, paused: false }, call.now)
    call.router.unsubscribe({ is: 'unsubscribe', subscription: 1 }, call.now)
    expect(bob.sent('bye')).toEqual([{ ssrcs: [1001] }])
    call.router.transportClosed(bob, call.now)
    expect(call.router.nextTimeout()).toBe(Number.POSITIVE_INFINITY)
  })

  test('rows for what is not there any more do nothing', () => {
    call.subscribe(1, bob, 99, watching)
    call.router.unpublish({ is: 'unpublish', publication: 5 })
    call.router.republish({ is: 'republish', publication: 5, media: camera }, 0)
    call.router.resubscribe({ is: 'resubscribe', subscription: 5, media: watching }, 0)
    call.router.pause({ is: 'pause', subscription: 5, paused: true }, 0)
    call.router.unsubscribe({ is: 'unsubscribe', subscription: 5 }, 0)
    expect(call.router.counters()).toMatchObject({ publications: 0, subscriptions: 0 })
  })

  test('a thousand joins and leaves keep nothing', () => {
    watch()
    for (let id = 10; id < 1010; id++) {
      const guest = call.transport(id)
      call.subscribe(id, guest, 1, { ...watching, ssrc: id * 2, rtxSsrc: id * 2 + 1 })
      call.publish(id, guest, { ...camera, mid: String(id) })
      call.receive(guest, { sequenceNumber: 1, payload: vp8Key })
      call.router.transportClosed(guest, call.now)
    }
    expect(call.router.counters()).toMatchObject({ publications: 1, subscriptions: 1, historyBytes: 1 << 16 })
    call.router.close()
    call.router.close()
    expect(call.router.nextTimeout()).toBe(Number.POSITIVE_INFINITY)
  })
})
