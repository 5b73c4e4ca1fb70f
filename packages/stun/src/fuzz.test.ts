import { DecodeError } from '@parley/bytes'
import { expect, test } from 'vitest'
import { chunks, everyDatagram } from '../testdata/corpus.ts'
import { dice, mutations } from '../testdata/mutate.ts'
import { type Attribute, attributeTypes } from './attributes/attribute.ts'
import { ice } from './attributes/ice.ts'
import { natDiscovery } from './attributes/nat-discovery.ts'
import { stun } from './attributes/stun.ts'
import { turn } from './attributes/turn.ts'
import { checkFingerprint, verifyIntegrity } from './message/integrity.ts'
import { Message } from './message/message.ts'
import { nodeCrypto } from './node.ts'
import { channelDataLength } from './relay/channel-data.ts'
import { FrameSplitter } from './relay/frame-splitter.ts'
import { Indication } from './relay/indication.ts'
import { packetKindAt } from './relay/packet-kind.ts'

const understood = attributeTypes(stun, turn)
const rows = new Map<number, Attribute<unknown>>(
  [stun, turn, ice, natDiscovery].flatMap(table => Object.values(table).map(row => [row.type, row] as const)),
)
const key = new Uint8Array(16)
const corpus = everyDatagram()

/** Everything that a server does with bytes from a stranger. */
function readEverything(bytes: Uint8Array): void {
  packetKindAt(bytes, 0, bytes.length)
  channelDataLength(bytes, 0, bytes.length)
  new Indication().read(bytes, 0, bytes.length)
  const message = Message.decode(bytes)
  message.eachAttribute((type, offset) => {
    const row = rows.get(type)
    if (row) survives(() => message.valueAt(row, offset))
  })
  message.unknownRequired(understood)
  checkFingerprint(message)
  for (const row of rows.values()) message.has(row)
  verifyIntegrity(message, key, nodeCrypto, { minSha256Bytes: 16 })
}

function survives(action: () => void): boolean {
  try {
    action()
    return true
  } catch (error) {
    if (error instanceof DecodeError) return false
    throw error
  }
}

test('1,000 mutations of every message of the corpus: nothing but DecodeError escapes', () => {
  let decoded = 0
  let refused = 0
  corpus.forEach((original, i) => {
    for (const bytes of mutations(original, 1000, i)) {
      const before = bytes.slice()
      if (survives(() => readEverything(bytes))) decoded++
      else refused++
      expect(Buffer.compare(bytes, before)).toBe(0)
    }
  })
  // The mutations must get past the header often enough to mean something.
  expect(decoded).toBeGreaterThan(10_000)
  expect(refused).toBeGreaterThan(10_000)
})

test('the work is bounded by the size: no byte is read more than 200 times', () => {
  // 5 ms is more than 500,000 reads of a byte; the largest datagram below is 1,500 bytes.
  const manyAttributes = new Uint8Array(1500)
  manyAttributes.set(corpus[0]?.subarray(0, 20) ?? [])
  manyAttributes.set([1480 >> 8, 1480 & 0xff], 2)
  const hostile = [manyAttributes, ...corpus.flatMap((original, i) => [original, ...mutations(original, 20, i)])]
  for (const bytes of hostile) {
    const counted = countingReads(bytes)
    survives(() => readEverything(counted.bytes))
    expect(counted.reads()).toBeLessThanOrEqual(200 * Math.max(20, bytes.length))
  }
})

test('damaged streams end in DecodeError or go on, and keep no more than a frame', () => {
  const limit = 4096
  for (const file of ['uclient-tcp-client.txt', 'chromium-tcp-server.txt'] as const) {
    const whole = Uint8Array.from(chunks(file).flatMap(chunk => [...chunk]))
    const roll = dice(7)
    for (const bytes of mutations(whole, 300)) {
      let frames = 0
      const splitter = new FrameSplitter({ onFrame: () => frames++, maxFrameBytes: limit })
      survives(() => {
        for (let at = 0; at < bytes.length; ) {
          const size = 1 + roll(200)
          splitter.push(bytes.slice(at, at + size))
          expect(splitter.pendingBytes).toBeLessThan(limit)
          at += size
        }
      })
      expect(frames).toBeLessThanOrEqual(bytes.length / 4)
    }
  }
})

/** Bytes that count how often one of them is read by index. */
function countingReads(bytes: Uint8Array): { bytes: Uint8Array; reads: () => number } {
  let count = 0
  const proxy = new Proxy(bytes, {
    get(target, property) {
      if (typeof property === 'string' && /^\d+$/.test(property)) count++
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { bytes: proxy, reads: () => count }
}
