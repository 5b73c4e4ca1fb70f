import { expect, test } from 'vitest'
import { captures } from '../testdata/corpus.ts'
import { mutations } from '../testdata/mutate.ts'
import { inspectors } from './codecs/inspectors.ts'
import { LayerInfo } from './codecs/layer-info.ts'
import { PayloadInfo } from './codecs/payload-info.ts'
import { RedBlocks } from './codecs/red.ts'
import { readVp8Layers } from './codecs/vp8.ts'
import { readVp9Layers } from './codecs/vp9.ts'
import { DependencyDescriptor } from './extensions/dependency-descriptor.ts'
import * as values from './extensions/values.ts'
import { HeaderRewrite } from './packet/header-rewrite.ts'
import { RtpPacket } from './packet/rtp-packet.ts'
import { originalSequenceNumber } from './packet/rtx.ts'
import { type RtcpHandlers, readCompound } from './rtcp/read-compound.ts'
import { rtcpTypes } from './rtcp/table.ts'

const before = 9
const after = 300
/** Two that differ in every bit: whatever is read outside shows. */
const slabs = [0x69, 0x96].map(canary => ({ canary, bytes: new Uint8Array(4096) }))
const perSample = 1000

const packet = new RtpPacket()
const rewrite = Object.assign(new HeaderRewrite(), { payloadType: 99, ssrc: 0xffffffff, sequenceNumber: 1 })
for (let id = 1; id < 256; id++) rewrite.mapExtension(id, id % 7 ? id : 0)
rewrite.setExtension(5, new Uint8Array(2))
const forwarded = new Uint8Array(8192)
const info = new PayloadInfo()
const layers = new LayerInfo()
const red = new RedBlocks()

type Told = (number | string)[]

/** Plain assertion: a million of vitest's would take most of the time. */
function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}

let told: Told = []
const tellJson = (value: unknown) => told.push(JSON.stringify(value))
const handlers = Object.fromEntries(Object.keys(rtcpTypes).map(kind => [kind, tellJson])) as RtcpHandlers

function readRtp(bytes: Uint8Array, start: number, end: number): boolean {
  if (!packet.parse(bytes, start, end)) return false
  const { payloadStart, payloadEnd } = packet
  told.push(packet.ssrc, payloadStart, payloadEnd, packet.csrcCount, originalSequenceNumber(packet))
  holds(start < payloadStart && payloadStart <= payloadEnd && payloadEnd <= end, 'payload outside')
  for (let id = 1; id < 15; id++) readElement(bytes, id)
  for (const inspect of inspectors.values()) {
    if (inspect(bytes, payloadStart, payloadEnd, info)) told.push(...Object.values(info).map(Number))
  }
  for (const read of [readVp8Layers, readVp9Layers]) {
    if (read(bytes, payloadStart, payloadEnd, layers)) told.push(...Object.values(layers).map(Number))
  }
  if (red.parse(bytes, payloadStart, payloadEnd)) {
    for (let i = 0; i < red.count; i++) {
      const [offset, length] = [red.offsets[i] ?? 0, red.lengths[i] ?? 0]
      holds(offset > payloadStart && offset + length <= payloadEnd, 'block outside')
      told.push(offset, length, red.payloadTypes[i] ?? 0, red.timestampOffsets[i] ?? 0)
    }
  }
  const headerEnd = rewrite.write(packet, forwarded, 0)
  if (headerEnd >= 0) told.push(...forwarded.subarray(0, headerEnd))
  return true
}

function readElement(bytes: Uint8Array, id: number): void {
  const offset = packet.findExtension(id)
  if (offset < 0) return
  const { extensionLength } = packet
  holds(offset + extensionLength <= packet.payloadStart, 'element outside')
  const descriptor = new DependencyDescriptor()
  if (descriptor.parse(bytes, offset, extensionLength)) {
    tellJson(descriptor.structure)
    told.push(...descriptor.frameDiffs.subarray(0, descriptor.frameDiffCount), descriptor.spatialId)
  }
  told.push(values.readToken(packet, id) ?? '', values.readVideoOrientation(packet, id))
  told.push(values.readAudioLevel(packet, id), values.readAbsCaptureTime(packet, id)?.clockOffsetMs ?? 0)
}

/** Everything that a server learns from bytes of a stranger. */
function readEverything(bytes: Uint8Array, start: number, end: number): { told: Told; ok: boolean } {
  told = []
  const rtp = readRtp(bytes, start, end)
  const rtcp = readCompound(bytes, start, end, handlers)
  return { told, ok: rtp || rtcp }
}

test.each(captures())(
  '$name, mutated: nothing throws, nothing is read or written outside, nothing changes',
  capture => {
    const samples = [...capture.rtp, ...capture.rtcp]
    let understood = 0
    samples.forEach((sample, seed) => {
      for (const damaged of mutations(sample, perSample, seed)) {
        const end = before + damaged.length
        const [first, second] = slabs.map(({ canary, bytes }) => {
          bytes.fill(canary, 0, end + after)
          bytes.set(damaged, before)
          const result = readEverything(bytes, before, end)
          holds(Buffer.compare(bytes.subarray(before, end), damaged) === 0, 'changed')
          return result
        })
        if (first?.told.join() !== second?.told.join()) expect(first).toEqual(second)
        if (first?.ok) understood++
      }
    })
    // The mutations must get past the headers often enough to mean something, and not always.
    expect(understood).toBeGreaterThan(samples.length * perSample * 0.2)
    expect(understood).toBeLessThan(samples.length * perSample * 0.95)
  },
)
