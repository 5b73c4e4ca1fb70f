import { beforeEach, describe, expect, test } from 'vitest'
import { type PublishedMedia, wantAll } from '../control.ts'
import { camera, listening, microphone, publishedIds, watching } from './testing/media.ts'
import { ascii, vp8Delta, vp8Key } from './testing/packets.ts'
import { adaAndBob, type LoggedTransport } from './testing/router-harness.ts'

let { call, ada, bob } = adaAndBob()

beforeEach(() => {
  ;({ call, ada, bob } = adaAndBob())
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
    const structure = [0x80, 0x00, 0x01, 0x80, 0x00, 0xe4, 0x00]
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
    call.router.want({ is: 'want', subscription: 1, want: { ...wantAll, paused: true } }, call.now)
    for (let number = 102; number < 130; number++) delta(number)
    call.advance(1000)
    call.router.want({ is: 'want', subscription: 1, want: wantAll }, call.now)
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
    call.router.want({ is: 'want', subscription: 1, want: wantAll }, call.now)
    call.router.unsubscribe({ is: 'unsubscribe', subscription: 1 }, call.now)
    expect(bob.sent('bye')).toEqual([{ ssrcs: [1001] }])
    call.router.transportClosed(bob, call.now)
    expect(call.router.nextTimeout()).toBe(Number.POSITIVE_INFINITY)
  })

  test('rows for what is not there any more do nothing', () => {
    call.subscribe(1, bob, 99, watching)
    call.router.unpublish({ is: 'unpublish', publication: 5 }, call.now)
    call.router.republish({ is: 'republish', publication: 5, media: camera }, 0)
    call.router.resubscribe({ is: 'resubscribe', subscription: 5, media: watching }, 0)
    call.router.want({ is: 'want', subscription: 5, want: { ...wantAll, paused: true } }, 0)
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
