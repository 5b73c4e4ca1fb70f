import { beforeEach, expect, test } from 'vitest'
import type { PublishedMedia } from '../control.ts'
import { microphone, publishedIds } from './testing/media.ts'
import { adaAndBob } from './testing/router-harness.ts'

let { call, ada, bob } = adaAndBob()
const sequenceNumbers = new Map<number, number>()

const microphoneOf = (ssrc: number): PublishedMedia => ({
  ...microphone,
  encodings: [{ rid: undefined, ssrc, rtxSsrc: undefined }],
})

beforeEach(() => {
  ;({ call, ada, bob } = adaAndBob())
  sequenceNumbers.clear()
  call.publish(1, ada, microphoneOf(11))
  call.publish(2, bob, microphoneOf(12))
  voice(1, 7)
  voice(2, 7)
})

function voice(publication: number, group: number | undefined): void {
  call.router.voice({ is: 'voice', publication, group }, call.now)
}

/** So many ms of packets; level in -dBov by SSRC. */
function talk(ms: number, levels: Readonly<Record<number, number>>): void {
  for (let at = 0; at < ms; at += 20) {
    for (const [ssrc, level] of Object.entries(levels)) {
      const sequenceNumber = (sequenceNumbers.get(Number(ssrc)) ?? 0) + 1
      sequenceNumbers.set(Number(ssrc), sequenceNumber)
      call.receive(Number(ssrc) === 12 ? bob : ada, {
        ssrc: Number(ssrc),
        sequenceNumber,
        timestamp: sequenceNumber * 960,
        payloadType: 111,
        extensions: { [publishedIds.audioLevel]: [0x80 | level] },
      })
    }
    call.advance(20)
  }
}

const told = () =>
  call.reports.flatMap(report =>
    report.is === 'speakers' ? { group: report.group, who: report.publications, speaking: report.speaking } : [],
  )

test('whoever speaks is told of with their group, and nobody has to listen', () => {
  talk(1000, { 11: 20, 12: 127 })
  expect(told()).toEqual([
    { group: 7, who: [], speaking: [1] },
    { group: 7, who: [1], speaking: [1] },
  ])
  talk(1000, { 11: 127, 12: 20 })
  expect(told().at(-1)).toEqual({ group: 7, who: [2, 1], speaking: [2] })
})

test('at most five times a second, however much changes', () => {
  for (let i = 0; i < 20; i++) talk(350, i % 2 === 0 ? { 11: 20, 12: 127 } : { 11: 127, 12: 20 })
  expect(told().length).toBeGreaterThan(3)
  expect(told().length).toBeLessThanOrEqual(7 * 5)
})

test('silence costs no timer', () => {
  talk(3000, { 11: 127, 12: 90 })
  const reports = () => call.router.nextTimeout() - call.now
  expect(told()).toEqual([])
  // Only the next report of RTCP and the end of the flow are waited for.
  expect(reports()).toBeGreaterThan(100)
})

test('what is no voice is not judged, and one group knows nothing of another', () => {
  voice(2, undefined)
  talk(1000, { 12: 10 })
  expect(told()).toEqual([])
  voice(2, 8)
  talk(1000, { 12: 10 })
  expect(told().at(-1)).toEqual({ group: 8, who: [2], speaking: [2] })
})

test('without the header extension nothing is known of a voice', () => {
  call.router.republish({ is: 'republish', publication: 1, media: { ...microphoneOf(11), extensions: {} } }, call.now)
  talk(1000, { 11: 10 })
  expect(told()).toEqual([])
})

test('a publication that ends is told of as gone; a voice of one that there is not is ignored', () => {
  talk(1000, { 11: 20 })
  call.router.unpublish({ is: 'unpublish', publication: 1 }, call.now)
  call.advance(500)
  expect(told().at(-1)).toEqual({ group: 7, who: [], speaking: [] })
  voice(99, 7)
  call.router.transportClosed(bob, call.now)
  call.router.close()
  call.advance(1000)
})
