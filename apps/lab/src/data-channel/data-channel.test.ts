import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Arrivals, decode, drainLimitMs, encode, quietMs } from './measure.ts'
import { channelInit, channelSettings, modes } from './options.ts'
import { channelFindings, channelReport, readChannel } from './report.ts'
import { type ChannelResult, latencyOf, lossOf, rateOf, type Throughput } from './result.ts'

describe('messages', () => {
  test('survive the way, at the size that was asked for', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ping', 'echo', 'bulk'),
        fc.nat(0xffffffff),
        fc.integer({ min: 5, max: 2000 }),
        (kind, number, bytes) => {
          expect(decode(encode(kind, number, bytes).buffer)).toEqual({ kind, number, bytes })
        },
      ),
    )
  })
  test('nothing else is taken for one', () => {
    for (const data of ['text', null, new ArrayBuffer(4), new Uint8Array([9, 0, 0, 0, 0]).buffer])
      expect(decode(data)).toBeUndefined()
    expect(encode('ping', 1, 0)).toHaveLength(5)
  })
})

describe('options', () => {
  test('never both limits: browsers refuse that (W3C WebRTC §6.1)', () => {
    for (const mode of modes) {
      const init = channelInit({ ...channelSettings.fallback, mode })
      expect(init.maxRetransmits !== undefined && init.maxPacketLifeTime !== undefined).toBe(false)
    }
    expect(channelInit({ ...channelSettings.fallback, mode: 'retransmits', retransmits: 2 })).toEqual({
      ordered: false,
      maxRetransmits: 2,
    })
  })
})

describe('what has arrived', () => {
  const some = (...numbers: number[]) => {
    const arrivals = new Arrivals()
    for (const [i, number] of numbers.entries()) arrivals.add(number, 10, 100 * (i + 1))
    return arrivals
  }

  test('is due when all is here, and waited for as long as more may come', () => {
    expect(some(0, 1, 2).due(3, 300, 300)).toBe(3)
    expect(some(0, 1).due(3, 300, 300 + quietMs - 1)).toBeUndefined()
  })

  test('is lost when it has not come for long', () => {
    expect(some(0, 2).due(3, 300, 300 + quietMs)).toBe(3)
    expect(some().due(3, 300, 300 + quietMs)).toBe(3)
  })

  test('is not lost when a slow path still brings it at the end', () => {
    const arrivals = some(0)
    for (let number = 1; number < 90; number++) arrivals.add(number, 10, 100 * (number + 1))
    expect(arrivals.due(500, 1000, 1000 + drainLimitMs)).toBe(90)
    // One in between that did not come is.
    arrivals.add(91, 10, 9100)
    expect(arrivals.due(500, 1000, 1100 + drainLimitMs)).toBe(92)
  })
})

describe('figures', () => {
  test('latency: median, 95th of a hundred, and what was lost', () => {
    expect(latencyOf([5, undefined, 1, 3])).toEqual({ sent: 4, lost: 1, medianMs: 3, p95Ms: 5 })
    expect(latencyOf(Array.from({ length: 100 }, (_, i) => i + 1)).p95Ms).toBe(95)
    expect(latencyOf([undefined])).toEqual({ sent: 1, lost: 1, medianMs: undefined, p95Ms: undefined })
  })
  test('a rate needs time to pass, and is never infinite', () => {
    const receipt = (atMs: number) => ({ atMs, bytes: 1000 })
    expect(rateOf([])).toBeUndefined()
    expect(rateOf([receipt(5)])).toBeUndefined()
    expect(rateOf([receipt(5), receipt(5)])).toBeUndefined()
    expect(rateOf([receipt(0), receipt(500), receipt(1000)])).toBe(16_000)
  })
  test('loss of nothing is not known', () => {
    const none: Throughput = { bitsPerSecond: undefined, messagesSent: 0, messagesReceived: 0, buffered: [] }
    expect(lossOf(none)).toBeUndefined()
    expect(lossOf({ ...none, messagesSent: 4, messagesReceived: 3 })).toBe(0.25)
  })
})

const way: Throughput = { bitsPerSecond: 5e7, messagesSent: 10, messagesReceived: 10, buffered: [] }
const result: ChannelResult = { setUpMs: 90, latency: latencyOf([2, 3]), forth: way, back: way }
const sayings = (of: ChannelResult, mode: (typeof modes)[number] = 'reliable') =>
  channelFindings(of, mode).map(({ id, status }) => `${id} ${status}`)

describe('what it means', () => {
  test('all is well', () => expect(sayings(result)).toEqual(['throughput pass', 'latency pass', 'complete pass']))
  test('slow, late, silent', () => {
    expect(sayings({ ...result, back: { ...way, bitsPerSecond: 5e5 } })).toContain('throughput warn')
    expect(sayings({ ...result, back: { ...way, bitsPerSecond: undefined } })).toContain('throughput fail')
    expect(sayings({ ...result, latency: latencyOf([400]) })).toContain('latency warn')
    expect(sayings({ ...result, latency: latencyOf([undefined]) })).toContain('latency fail')
  })
  test('an unreliable channel may lose, a reliable one may not', () => {
    const lossy = { ...result, forth: { ...way, messagesReceived: 9 } }
    expect(sayings(lossy)).toContain('complete fail')
    expect(sayings(lossy, 'retransmits')).toContain('partial pass')
  })
  test('a report can be read again', () => {
    expect(readChannel(channelReport({}, result, 'reliable').data)).toEqual(result)
    expect(readChannel({ setUpMs: 1, latency: {}, forth: {}, back: {} })).toBeUndefined()
  })
})
