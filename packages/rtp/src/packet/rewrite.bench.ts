/*
 * What a forwarded packet costs here: nanoseconds and bytes of garbage to parse it and to write its new header.
 *   npx tsx packages/rtp/src/packet/rewrite.bench.ts
 */
import { setUint16At, setUint32At } from '@parley/bytes'
import { HeaderRewrite } from './header-rewrite.ts'
import { RtpPacket } from './rtp-packet.ts'

const payloadBytes = 1100
const slots = 64
const slotBytes = 1500

/** Elements as Chromium sends them: time, transport-wide number, mid, and for audio the level. */
const elements: Readonly<Record<string, readonly (readonly [id: number, value: Uint8Array])[]>> = {
  'no extension': [],
  'three elements': [
    [2, Uint8Array.of(1, 2, 3)],
    [3, Uint8Array.of(4, 5)],
    [4, Uint8Array.of(0x30)],
  ],
  'five elements, one long': [
    [2, Uint8Array.of(1, 2, 3)],
    [3, Uint8Array.of(4, 5)],
    [4, Uint8Array.of(0x30)],
    [10, Uint8Array.of(0x68)],
    [12, new Uint8Array(20)],
  ],
}

/** A slab of packets, so that not only one address is ever touched. */
function packets(values: readonly (readonly [number, Uint8Array])[]): { slab: Uint8Array; end: number } {
  const rewrite = new HeaderRewrite()
  for (const [id, value] of values) rewrite.setExtension(id, value)
  const bare = Uint8Array.from({ length: 12 }, (_, i) => (i ? 0xf0 | i : 0x80))
  const packet = new RtpPacket()
  packet.parse(bare, 0, bare.length)
  const slab = new Uint8Array(slots * slotBytes)
  let end = 0
  for (let slot = 0; slot < slots; slot++) {
    Object.assign(rewrite, { payloadType: 96, sequenceNumber: slot, timestamp: 0xfedcba98, ssrc: 0xfeedbeef })
    end = rewrite.write(packet, slab, slot * slotBytes) - slot * slotBytes + payloadBytes
  }
  return { slab, end }
}

const target = new Uint8Array(slots * slotBytes)

function cases(name: string): Record<string, () => unknown> {
  const { slab, end } = packets(elements[name] ?? [])
  const packet = new RtpPacket()
  const transportSequenceNumber = new Uint8Array(2)
  const sendTime = new Uint8Array(3)
  const rewrite = new HeaderRewrite()
  for (const [from, to] of [
    [4, 7],
    [10, 1],
    [12, 9],
  ] as const) {
    rewrite.mapExtension(from, to)
  }
  rewrite.setExtension(2, sendTime)
  rewrite.setExtension(3, transportSequenceNumber)
  rewrite.setExtension(4, Uint8Array.of(0x31))
  rewrite.ssrc = 0xdeadbeef
  rewrite.payloadType = 98
  let turn = 0
  const forward = () => {
    rewrite.marker = packet.marker
    rewrite.sequenceNumber = turn & 0xffff
    rewrite.timestamp = packet.timestamp
    setUint16At(transportSequenceNumber, 0, turn)
    setUint32At(sendTime, 0, turn << 8)
    return rewrite.write(packet, target, (turn % slots) * slotBytes)
  }
  const parse = () => packet.parse(slab, (turn % slots) * slotBytes, (turn % slots) * slotBytes + end)
  return {
    [`${name}: parse`]: () => {
      turn++
      return parse()
    },
    [`${name}: parse, find two ids, write`]: () => {
      turn++
      return parse() && packet.findExtension(3) + packet.findExtension(5) + forward()
    },
    [`${name}: write, one more receiver`]: () => {
      turn++
      return forward()
    },
  }
}

for (const name of Object.keys(elements)) {
  for (const [label, run] of Object.entries(cases(name))) {
    const { ns, bytes } = measure(run)
    console.log(`${label.padEnd(56)} ${ns.toFixed(0).padStart(6)} ns ${bytes.toFixed(1).padStart(6)} B`)
  }
}

function measure(run: () => unknown): { ns: number; bytes: number } {
  let ns = Number.POSITIVE_INFINITY
  for (let round = 0; round < 10; round++) ns = Math.min(ns, timed(run, 200_000))
  // Whenever the collector comes between, the heap seems to have grown by less: the largest growth is the true one.
  const bytes = Math.max(...Array.from({ length: 21 }, () => garbageOf(run, 10_000)))
  return { ns, bytes }
}

function timed(run: () => unknown, count: number): number {
  const start = performance.now()
  for (let i = 0; i < count; i++) run()
  return ((performance.now() - start) * 1e6) / count
}

function garbageOf(run: () => unknown, count: number): number {
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < count; i++) run()
  return (process.memoryUsage().heapUsed - before) / count
}
