import { expect, test } from 'vitest'
import { captures } from '../testdata/corpus.ts'
import { mutations } from '../testdata/mutate.ts'
import { codecs } from './codecs/codecs.ts'
import { PayloadInfo } from './codecs/payload-info.ts'
import { RedBlocks } from './codecs/red.ts'
import { readAbsCaptureTime } from './extensions/abs-capture-time.ts'
import { DependencyDescriptor } from './extensions/dependency-descriptor.ts'
import { readToken } from './extensions/text.ts'
import * as values from './extensions/values.ts'
import { HeaderRewrite } from './packet/header-rewrite.ts'
import { RtpPacket } from './packet/rtp-packet.ts'
import { originalSequenceNumber } from './packet/rtx.ts'
import { type RtcpHandlers, readCompound } from './rtcp/read-compound.ts'
import { rtcpTypes } from './rtcp/table.ts'

const before = 9
const after = 300
const slabs = [0x00, 0xff, 0x96].map(canary => ({ canary, bytes: new Uint8Array(4096) }))
const samples = captures().flatMap(({ rtp, rtcp }) => [...rtp, ...rtcp])
/** 100 of each in every run, over all samples; together more than 1,000 for each kind of packet and codec. */
const perSample = 1000

const packet = new RtpPacket()
const rewrite = Object.assign(new HeaderRewrite(), { payloadType: 99, ssrc: 0xffffffff, sequenceNumber: 1 })
for (let id = 1; id < 256; id++) rewrite.mapExtension(id, id % 7 ? id : 0)
rewrite.setExtension(5, new Uint8Array(2))
const forwarded = new Uint8Array(8192)
const info = new PayloadInfo()
const red = new RedBlocks()
const inspectors = [...new Set(Object.values(codecs).map(({ inspect }) => inspect))]

type Out = (value: unknown) => void

const handlers = (out: Out) => Object.fromEntries(Object.keys(rtcpTypes).map(kind => [kind, out])) as RtcpHandlers

function readRtp(bytes: Uint8Array, start: number, end: number, out: Out): boolean {
  if (!packet.parse(bytes, start, end)) return false
  const { payloadStart, payloadEnd } = packet
  out([packet.ssrc, payloadStart, payloadEnd, packet.csrcCount, originalSequenceNumber(packet)])
  expect(payloadStart <= payloadEnd && payloadEnd <= end).toBe(true)
  const descriptor = new DependencyDescriptor()
  for (let id = 1; id < 15; id++) {
    const offset = packet.findExtension(id)
    if (offset >= 0) {
      expect(offset + packet.extensionLength <= payloadStart).toBe(true)
      if (descriptor.parse(bytes, offset, packet.extensionLength)) {
        out([descriptor.structure, descriptor.frameDiffs.slice(0, descriptor.frameDiffCount), descriptor.spatialId])
      }
    }
    out([readToken(packet, id), values.readAbsSendTime(packet, id), values.readTransmissionOffset(packet, id)])
    out([readAbsCaptureTime(packet, id), values.readAudioLevel(packet, id)])
  }
  for (const inspect of inspectors) if (inspect(bytes, payloadStart, payloadEnd, info)) out({ ...info })
  if (red.parse(bytes, payloadStart, payloadEnd)) {
    for (let i = 0; i < red.count; i++) {
      const blockEnd = (red.offsets[i] ?? 0) + (red.lengths[i] ?? 0)
      expect((red.offsets[i] ?? 0) > payloadStart && blockEnd <= payloadEnd).toBe(true)
    }
    out([...red.lengths.subarray(0, red.count)])
  }
  const headerEnd = rewrite.write(packet, forwarded, 0)
  if (headerEnd >= 0) out(forwarded.slice(0, headerEnd))
  return true
}

/** Everything that a server learns from bytes of a stranger. */
function readEverything(bytes: Uint8Array, start: number, end: number): { told: string; ok: boolean } {
  const told: unknown[] = []
  const out: Out = value => told.push(value)
  const rtp = readRtp(bytes, start, end, out)
  const rtcp = readCompound(bytes, start, end, handlers(out))
  return { told: JSON.stringify(told, told.length > 0 ? replaceViews : undefined), ok: rtp || rtcp }
}

function replaceViews(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value
}

test('mutations of every sample: nothing throws, nothing is read or written outside, nothing changes', () => {
  let understood = 0
  let refused = 0
  samples.forEach((sample, seed) => {
    for (const damaged of mutations(sample, perSample, seed)) {
      const end = before + damaged.length
      const results = slabs.map(({ canary, bytes }) => {
        bytes.fill(canary, 0, end + after)
        bytes.set(damaged, before)
        const result = readEverything(bytes, before, end)
        expect(Buffer.compare(bytes.subarray(before, end), damaged)).toBe(0)
        return result
      })
      const [first] = results
      if (results.some(({ told }) => told !== first?.told)) expect(results.map(({ told }) => told)).toEqual([])
      if (first?.ok) understood++
      else refused++
    }
  })
  // The mutations must get past the headers often enough to mean something.
  expect(understood).toBeGreaterThan(samples.length * perSample * 0.2)
  expect(refused).toBeGreaterThan(samples.length * perSample * 0.05)
})
