import { setUint16At, setUint32At } from '@parley/bytes'
import { beforeEach, describe, expect, test } from 'vitest'
import { type PublishedMedia, type Want, wantAll } from '../control.ts'
import { Router } from '../router/router.ts'
import { camera, listening, microphone, publishedIds, watching } from '../router/testing/media.ts'
import { rtp, vp8Delta, vp8Key, vp8KeyOf } from '../router/testing/packets.ts'
import { type LoggedTransport, RouterHarness } from '../router/testing/router-harness.ts'
import { pipeHeaderLength, pipeKinds } from './pipe-end.ts'
import { PipedRouter } from './testing/piped-router.ts'

/** Ada publishes on router 0, where Al is too; Bob and Ben are on router 1, Cid is on router 2. */
const places: Readonly<Record<number, number>> = { 11: 1, 12: 1, 21: 2 }
const routerOf = (transport: number) => places[transport] ?? 0

function everybody() {
  const call = new RouterHarness(options => new PipedRouter({ ...options, routers: 3, routerOf }))
  return {
    call,
    ada: call.transport(1),
    al: call.transport(2),
    bob: call.transport(11),
    ben: call.transport(12),
    cid: call.transport(21),
  }
}

const simulcast: PublishedMedia = {
  ...camera,
  encodings: [
    { rid: undefined, ssrc: 1, rtxSsrc: 2 },
    { rid: undefined, ssrc: 3, rtxSsrc: 4 },
  ],
}
const small: Want = { ...wantAll, pixels: 160 * 90 }

let { call, ada, al, bob, ben, cid } = everybody()
beforeEach(() => {
  ;({ call, ada, al, bob, ben, cid } = everybody())
})

const crossed = (kind: keyof typeof pipeKinds) => call.router.crossed.get(pipeKinds[kind]) ?? 0
const told = (is: string) => call.router.told.filter(({ row }) => row.is === is)

function send(sequenceNumber: number, payload: readonly number[] = vp8Delta, ssrc = 1): void {
  call.receive(ada, { ssrc, sequenceNumber, timestamp: sequenceNumber * 3000, payload })
  call.advance(1)
}

/** A key frame and what follows, until somebody has seen that it is a picture. */
function begin(...subscribers: LoggedTransport[]): void {
  call.publish(1, ada, camera)
  for (const subscriber of subscribers) call.subscribe(subscriber.id, subscriber, 1, watching)
  send(100)
  call.advance(20)
  send(101, vp8Key)
}

describe('a camera', () => {
  test('crosses once for everybody there, with its numbers closed up for each', () => {
    begin(al, bob, ben)
    for (let number = 102; number < 150; number++) send(number)
    expect(told('pipe')).toHaveLength(1)
    expect(crossed('packet')).toBe(50)
    for (const subscriber of [al, bob, ben]) {
      const [first = 0] = subscriber.sequenceNumbers
      expect(subscriber.sequenceNumbers).toEqual(Array.from({ length: 49 }, (_, i) => (first + i) & 0xffff))
      expect(subscriber.rtp[0]).toMatchObject({ ssrc: watching.ssrc, payloadType: 120 })
    }
    expect(call.router.counters()).toMatchObject({ pipes: 1, pipedOut: 50, pipedIn: 50, pipedBad: 0, unknown: 0 })
  })

  test('lost on the way from the publisher: asked for once, and it comes to everybody', () => {
    begin(al, bob, cid)
    send(102)
    send(104)
    call.advance(40)
    expect(ada.sent('nack').flatMap(({ lost }) => lost)).toEqual([103])
    call.receive(ada, {
      ssrc: 2,
      payloadType: 97,
      sequenceNumber: 7,
      timestamp: 103 * 3000,
      payload: [0, 103, ...vp8Delta, 9],
    })
    send(105)
    for (const subscriber of [al, bob, cid]) {
      const [first = 0] = subscriber.sequenceNumbers
      expect(subscriber.sequenceNumbers.map(number => number - first)).toEqual([0, 1, 3, 2, 4])
      expect(subscriber.rtp[3]?.timestamp).toBe((subscriber.rtp[1]?.timestamp ?? 0) + 3000)
    }
    call.advance(500)
    expect(ada.sent('nack')).toHaveLength(1)
  })

  test('lost in the pipe: sent again from this end, and the publisher hears nothing of it', () => {
    begin(bob)
    call.router.lose = bytes => bytes[4] === pipeKinds.packet && bytes[pipeHeaderLength + 7] === (103 * 3000) % 256
    send(102)
    send(103)
    send(104)
    call.advance(40)
    const [first = 0] = bob.sequenceNumbers
    expect(bob.sequenceNumbers.map(number => number - first)).toEqual([0, 1, 3, 2])
    expect(crossed('repair')).toBe(1)
    expect(ada.sent('nack')).toEqual([])
  })

  test('wanted anew by many at once, the publisher is asked for one key frame, and not again too soon', () => {
    begin(al, bob, ben, cid)
    call.advance(1000)
    const before = ada.sent('pictureLossIndication').length
    for (const subscriber of [al, bob, ben, cid]) {
      call.receiveRtcp(subscriber, 'pictureLossIndication', { senderSsrc: 5, mediaSsrc: watching.ssrc })
    }
    call.advance(400)
    expect(ada.sent('pictureLossIndication').length - before).toBe(1)
    call.advance(400)
    expect(ada.sent('pictureLossIndication').length - before).toBe(2)
    send(102, vp8Key)
    call.advance(2000)
    expect(ada.sent('pictureLossIndication').length - before).toBe(2)
  })

  test('who comes to the pipe first is shown a picture by a key frame', () => {
    call.publish(1, ada, camera)
    call.subscribe(2, al, 1, watching)
    send(1, vp8Key)
    for (let number = 2; number < 20; number++) send(number)
    call.subscribe(11, bob, 1, watching)
    send(20)
    call.advance(500)
    expect(ada.sent('pictureLossIndication').length).toBeGreaterThan(0)
    expect(bob.rtp).toEqual([])
    send(21, vp8Key)
    expect(bob.rtp).toHaveLength(1)
  })
})

describe('layers', () => {
  /** Of both encodings, 33 ms apart. */
  function flow(frames: number, key = false): void {
    for (let i = 0; i < frames; i++) {
      const isKey = key && i === 0
      number++
      send(number, isKey ? vp8KeyOf(160, 90) : vp8Delta, 1)
      send(number, isKey ? vp8KeyOf(640, 360) : vp8Delta, 3)
      call.advance(31)
    }
  }
  /** How many packets of each encoding cross meanwhile. */
  function crossing(act: () => void): [low: number, high: number] {
    const counts: [number, number] = [0, 0]
    call.router.lose = bytes => {
      if (bytes[4] === pipeKinds.packet) counts[bytes[5] as 0 | 1]++
      return false
    }
    act()
    return counts
  }
  const demands = () => call.reports.flatMap(row => (row.is === 'demand' ? [row.layers] : []))

  let number = 0
  beforeEach(() => {
    number = 0
    call.publish(1, ada, simulcast)
  })

  test('only those cross that anybody there wants; what is wanted again comes at once', () => {
    call.subscribe(2, al, 1, watching)
    call.subscribe(11, bob, 1, watching, small)
    flow(2)
    flow(90, true)
    expect(crossing(() => flow(30))).toEqual([30, 0])
    expect(demands()).toEqual([])
    call.router.want({ is: 'want', subscription: 11, want: wantAll }, call.now)
    expect(crossing(() => flow(30, true))).toEqual([30, 30])
    const size = bob.rtp.findLast(({ payloadLength }) => payloadLength > 5)
    expect(size?.bytes.subarray(size.payloadStart + 7, size.payloadStart + 9)).toEqual(new Uint8Array([640 & 0xff, 2]))
  })

  test('the publisher is told of what nobody wants, near or far, and by one router alone', () => {
    call.subscribe(11, bob, 1, watching, small)
    flow(2)
    flow(200, true)
    expect(demands()).toEqual([[true, false]])
    call.subscribe(21, cid, 1, watching)
    expect(demands().at(-1)).toEqual([true, true])
    call.router.want({ is: 'want', subscription: 21, want: { ...wantAll, paused: true } }, call.now)
    call.router.want({ is: 'want', subscription: 11, want: { ...wantAll, paused: true } }, call.now)
    flow(200)
    expect(demands().at(-1)).toEqual([false, false])
    expect(crossing(() => flow(10))).toEqual([0, 0])
    expect(call.reports.filter(({ is }) => is === 'publication')).toHaveLength(1)
  })

  test('what is said to be wanted is said again, for it may have been lost', () => {
    call.router.lose = bytes => bytes[4] === pipeKinds.demand
    call.subscribe(11, bob, 1, watching, small)
    flow(2)
    flow(90, true)
    expect(crossing(() => flow(60))[1]).toBeLessThan(40)
    expect(crossing(() => flow(10))).toEqual([10, 0])
  })
})

describe('a pipe', () => {
  test('closes with the last subscriber there, and is another one when somebody comes again', () => {
    begin(bob, ben)
    call.router.unsubscribe({ is: 'unsubscribe', subscription: 11 }, call.now)
    expect(told('unpipe')).toEqual([])
    call.router.unsubscribe({ is: 'unsubscribe', subscription: 12 }, call.now)
    const [pipe] = told('pipe').map(({ row }) => row.is === 'pipe' && row.pipe)
    expect(told('unpipe')).toEqual([{ router: 0, row: { is: 'unpipe', pipe } }])
    expect(told('unpublish')).toEqual([{ router: 1, row: { is: 'unpublish', publication: 1 } }])
    const before = crossed('packet')
    send(102)
    expect(crossed('packet')).toBe(before)
    expect(call.router.counters()).toMatchObject({ pipes: 0, publications: 1, historyBytes: 0 })
    call.subscribe(13, bob, 1, watching)
    send(103)
    send(104, vp8Key)
    expect(told('pipe').map(({ row }) => row.is === 'pipe' && row.pipe)).toEqual([pipe, (pipe as number) + 1])
    expect(bob.rtp).toHaveLength(2)
    expect(call.router.counters().pipedBad).toBe(0)
  })

  test('ends with its publication; what is still on its way is dropped', () => {
    begin(bob)
    call.receive(ada, { sequenceNumber: 102, timestamp: 102 * 3000 })
    call.router.unpublish({ is: 'unpublish', publication: 1 }, call.now)
    call.advance(10)
    expect(call.router.counters()).toMatchObject({ pipes: 0, publications: 0, pipedBad: 1 })
    expect(bob.rtp).toHaveLength(1)
  })

  test('whose other end is dead harms nobody else, and is made anew', () => {
    begin(al, bob)
    call.router.lose = (_, from, to) => from === 1 || to === 1
    for (let number = 102; number < 200; number++) send(number)
    call.advance(5000)
    expect(al.rtp).toHaveLength(99)
    expect(bob.rtp).toHaveLength(1)
    call.router.lose = () => false
    call.router.transportClosed(bob, call.now)
    const again = call.transport(12)
    call.subscribe(12, again, 1, watching)
    send(200)
    send(201, vp8Key)
    expect(again.rtp).toHaveLength(1)
  })
})

describe('sound', () => {
  /** So many ms of packets. */
  function talk(ms: number, level: number): void {
    for (let at = 0; at < ms; at += 20) {
      const sequenceNumber = call.now / 20
      const extensions = { [publishedIds.audioLevel]: [0x80 | level] }
      call.receive(ada, { ssrc: 11, sequenceNumber, timestamp: sequenceNumber * 960, payloadType: 111, extensions })
      call.advance(20)
    }
  }

  test('goes through, and whoever speaks is judged at the other end too, where nobody has to listen', () => {
    call.publish(1, ada, microphone)
    call.router.voice({ is: 'voice', publication: 1, group: 7 }, call.now, 2)
    call.subscribe(11, bob, 1, listening)
    talk(1000, 20)
    expect(bob.rtp.length).toBeGreaterThan(45)
    const speakers = call.reports.flatMap(row => (row.is === 'speakers' ? [row.publications] : []))
    expect(speakers).toEqual([[], [1]])
    call.router.voice({ is: 'voice', publication: 1, group: undefined }, call.now, 2)
    expect(call.router.counters().pipes).toBe(1)
  })
})

describe('what makes no sense', () => {
  function datagram(pipe: number, kind: number, encoding: number, body: Uint8Array = new Uint8Array()): Uint8Array {
    const bytes = new Uint8Array(pipeHeaderLength + body.length)
    setUint32At(bytes, 0, pipe)
    bytes.set([kind, encoding], 4)
    bytes.set(body, pipeHeaderLength)
    return bytes
  }

  test('is counted and dropped, at both ends', () => {
    begin(bob)
    const { pipe = 0 } = (told('pipe')[0]?.row ?? {}) as { pipe?: number }
    const good = rtp({ sequenceNumber: 2, timestamp: 102 * 3000 })
    const [near, far] = call.router.routers as [Router, Router]
    const bad: readonly [Router, number, Uint8Array][] = [
      [far, 0, new Uint8Array()],
      [far, 0, datagram(pipe, pipeKinds.packet, 0).subarray(0, 5)],
      [far, 0, datagram(pipe + 1, pipeKinds.packet, 0, good)],
      [far, 2, datagram(pipe, pipeKinds.packet, 0, good)],
      [far, -1, datagram(pipe, pipeKinds.packet, 0, good)],
      [far, 0, datagram(pipe, 99, 0, good)],
      [far, 0, datagram(pipe, pipeKinds.demand, 0, good)],
      [far, 0, datagram(pipe, pipeKinds.packet, 1, good)],
      [far, 0, datagram(pipe, pipeKinds.packet, 0, good.subarray(0, 11))],
      [far, 0, datagram(pipe, pipeKinds.packet, 0, rtp({ payloadType: 50 }))],
      [far, 0, datagram(pipe, pipeKinds.report, 0, new Uint8Array(11))],
      [far, 0, datagram(pipe, pipeKinds.report, 3, new Uint8Array(12))],
      [near, 1, datagram(pipe, pipeKinds.packet, 0, good)],
      [near, 2, datagram(pipe, pipeKinds.keyFrame, 0)],
    ]
    for (const [router, from, bytes] of bad) router.receivePiped(from, bytes, 0, bytes.length, call.now)
    expect(call.router.counters().pipedBad).toBe(bad.length)
    // About what there is not, or has not been sent, there is nothing to do.
    const missing = new Uint8Array(5)
    setUint16At(missing, 0, 60_000)
    for (const bytes of [datagram(pipe, pipeKinds.keyFrame, 9), datagram(pipe, pipeKinds.nack, 0, missing)]) {
      near.receivePiped(1, bytes, 0, bytes.length, call.now)
    }
    expect(crossed('repair')).toBe(0)
    send(102)
    expect(bob.rtp).toHaveLength(2)
  })

  test('a router without a way to others says so', () => {
    const router = new Router({ report: () => {} })
    const row = { is: 'piped', pipe: 1, publication: 1, from: 0, media: camera } as const
    expect(() => router.piped(row, 0)).toThrow(RangeError)
    router.pipe({ is: 'pipe', pipe: 1, publication: 9, to: 1 }, 0)
    expect(router.counters()).toMatchObject({ publications: 0, pipes: 0 })
  })
})
