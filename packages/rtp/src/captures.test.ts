import { expect, test } from 'vitest'
import { type Capture, captures } from '../testdata/corpus.ts'
import { inspectors } from './codecs/inspectors.ts'
import { LayerInfo } from './codecs/layer-info.ts'
import { PayloadInfo } from './codecs/payload-info.ts'
import { RedBlocks } from './codecs/red.ts'
import { readVp8Layers } from './codecs/vp8.ts'
import { readVp9Layers } from './codecs/vp9.ts'
import { DependencyDescriptor } from './extensions/dependency-descriptor.ts'
import { type HeaderExtension, headerExtensions } from './extensions/header-extensions.ts'
import { readToken } from './extensions/values.ts'
import { HeaderRewrite } from './packet/header-rewrite.ts'
import { RtpPacket } from './packet/rtp-packet.ts'
import { originalSequenceNumber, restoreOriginal } from './packet/rtx.ts'
import { CompoundWriter } from './rtcp/compound-writer.ts'
import { readCompound } from './rtcp/read-compound.ts'
import type { RtcpPackets } from './rtcp/table.ts'

const all = captures()
const audio = ['opus', 'red', 'pcmu']
const named = (name: string) => all.find(capture => capture.name === name) as Capture

function idOf({ extensions }: Capture, name: HeaderExtension): number {
  return [...extensions].find(([, uri]) => uri === headerExtensions[name])?.[0] ?? 0
}

function nameOf({ formats }: Capture, { payloadType }: RtpPacket): string {
  return formats.get(payloadType)?.split('/')[0] ?? ''
}

/** Each packet that is no retransmission, with what its payload says; of audio, only whether there is any. */
function* media(capture: Capture): Generator<{ packet: RtpPacket; info: PayloadInfo; layers: LayerInfo; ok: boolean }> {
  const packet = new RtpPacket()
  const info = new PayloadInfo()
  const layers = new LayerInfo()
  for (const bytes of capture.rtp) {
    expect(packet.parse(bytes, 0, bytes.length)).toBe(true)
    const { payloadStart, payloadEnd } = packet
    const name = nameOf(capture, packet).toLowerCase()
    const inspect = inspectors.get(name)
    if (audio.includes(name)) yield { packet, info, layers, ok: payloadStart < payloadEnd }
    if (!inspect) continue
    const ok = inspect(bytes, payloadStart, payloadEnd, info)
    const readLayers = { vp8: readVp8Layers, vp9: readVp9Layers }[name]
    expect(readLayers?.(bytes, payloadStart, payloadEnd, layers) ?? ok).toBe(ok)
    yield { packet, info, layers, ok }
  }
}

test('every packet is understood; only padding to probe with has no payload', () => {
  let count = 0
  for (const capture of all) {
    for (const { packet, ok } of media(capture)) {
      expect(ok).toBe(packet.payloadLength > 0)
      if (!ok) expect(packet.paddingBytes).toBeGreaterThan(0)
      count++
    }
  }
  expect(count).toBeGreaterThan(60)
})

test('the first packet of each video begins a key frame', () => {
  for (const [name, size] of [
    ['chromium-vp8', [320, 180]],
    ['chromium-vp8-dd', [320, 180]],
    ['chromium-vp9-svc', [320, 180]],
    ['chromium-av1-svc', [640, 360]],
    ['chromium-h264', [320, 180]],
  ] as const) {
    const [first] = media(named(name))
    expect(first?.info).toMatchObject({ keyFrame: true, startOfFrame: true, width: size[0], height: size[1] })
  }
})

test.each(['chromium-vp8-dd', 'chromium-vp9-svc', 'chromium-av1-svc'])(
  '%s: payload and dependency descriptor, two ways to say it, agree',
  name => {
    const capture = named(name)
    const id = idOf(capture, 'dependencyDescriptor')
    const descriptor = new DependencyDescriptor()
    let frames = 0
    for (const { packet, info, layers } of media(capture)) {
      const offset = packet.findExtension(id)
      expect(descriptor.parse(packet.bytes, offset, packet.extensionLength)).toBe(true)
      expect(info.startOfFrame).toBe(descriptor.startOfFrame)
      // Next to a dependency descriptor, Chromium leaves the layers out of VP8's own descriptor.
      if (name === 'chromium-vp9-svc') {
        const { spatialId, temporalId, endOfFrame } = layers
        expect([spatialId, temporalId]).toEqual([descriptor.spatialId, descriptor.temporalId])
        expect(endOfFrame).toBe(descriptor.endOfFrame)
      }
      if (descriptor.startOfFrame && info.keyFrame) expect(descriptor.structureAttached).toBe(true)
      // The marker ends a picture, so it ends a frame of its highest layer.
      if (packet.marker) expect(descriptor.endOfFrame).toBe(true)
      if (descriptor.endOfFrame) frames++
      const indication = descriptor.decodeTargetIndications.at((descriptor.structure?.decodeTargets.length ?? 0) - 1)
      expect(indication).toBeLessThanOrEqual(3)
    }
    expect(frames).toBeGreaterThan(4)
  },
)

test('H.264: one key frame in fragments from parameter sets to marker', () => {
  const packets = [...media(named('chromium-h264'))].length
  const seen = Array.from(media(named('chromium-h264')), ({ packet, info }) => [
    info.keyFrame,
    info.startOfFrame,
    packet.marker,
  ])
  expect(packets).toBeGreaterThan(8)
  // A whole picture in one aggregate, then parameter sets and the first fragments of the next key frame.
  expect(seen.slice(0, 4)).toEqual([
    [true, true, true],
    [true, true, false],
    [true, true, false],
    [true, false, false],
  ])
})

test('RED: the primary encoding is Opus, and what is redundant came before', () => {
  const red = new RedBlocks()
  const capture = named('chromium-red')
  const counts: number[] = []
  for (const { packet, ok } of media(capture)) {
    if (!ok) continue
    expect(red.parse(packet.bytes, packet.payloadStart, packet.payloadEnd)).toBe(true)
    expect(capture.formats.get(red.payloadTypes[red.count - 1] ?? 0)).toBe('opus/48000/2')
    counts.push(red.count)
    if (red.count > 1) expect(red.timestampOffsets[red.count - 2]).toBe(960)
  }
  expect(counts).toEqual([1, 2, 2])
})

test('VP8 without a dependency descriptor: picture ids go up with the frames, layers come in their order', () => {
  const frames: { pictureId: number; tl0PicIdx: number; temporalId: number }[] = []
  for (const { info, layers } of media(named('chromium-vp8'))) {
    const { pictureId, tl0PicIdx, temporalId } = layers
    expect(layers.pictureIdBits).toBe(15)
    if (info.startOfFrame) frames.push({ pictureId, tl0PicIdx, temporalId })
    else expect(frames.at(-1)).toEqual({ pictureId, tl0PicIdx, temporalId })
  }
  expect(frames.length).toBeGreaterThan(3)
  expect(frames.map(({ temporalId }) => temporalId).slice(0, 4)).toEqual([0, 2, 1, 2])
  for (const [i, { pictureId, tl0PicIdx, temporalId }] of frames.entries()) {
    const last = frames[i - 1]
    if (!last) continue
    expect(pictureId).toBe((last.pictureId + 1) & 0x7fff)
    expect(tl0PicIdx).toBe((last.tl0PicIdx + (temporalId === 0 ? 1 : 0)) & 0xff)
  }
})

test('retransmissions bring back their originals, and padding brings nothing', () => {
  const counts = { whole: 0, padding: 0 }
  for (const capture of all) {
    const packets = capture.rtp.map(bytes => {
      const packet = new RtpPacket()
      packet.parse(bytes, 0, bytes.length)
      return packet
    })
    for (const packet of packets.filter(candidate => nameOf(capture, candidate) === 'rtx')) {
      const original = packets.find(({ sequenceNumber }) => sequenceNumber === originalSequenceNumber(packet))
      const restored = restoreOriginal(packet, 7, 8)
      expect(restored).toBe(packet.paddingBytes === 0)
      counts[restored ? 'whole' : 'padding']++
      if (!restored) continue
      expect(packet).toMatchObject({ ssrc: 7, payloadType: 8, timestamp: original?.timestamp })
      expect(packet.bytes.subarray(packet.payloadStart, packet.payloadEnd)).toEqual(
        original?.bytes.subarray(original.payloadStart, original.payloadEnd),
      )
    }
  }
  expect(counts.whole).toBeGreaterThan(1)
  expect(counts.padding).toBeGreaterThan(1)
})

test('extensions: every packet has its transport-wide number and send time; mid is what SDP said', () => {
  for (const capture of all.filter(({ rtp }) => rtp.length > 0)) {
    const ids = (['transportSequenceNumber', 'absSendTime', 'mid'] as const).map(name => idOf(capture, name))
    const [sequenceId, timeId, midId] = ids as [number, number, number]
    for (const { packet } of media(capture)) {
      for (const [id, length] of [
        [sequenceId, 2],
        [timeId, 3],
      ] as const) {
        expect(packet.findExtension(id)).toBeGreaterThan(0)
        expect(packet.extensionLength).toBe(length)
      }
      expect(readToken(packet, midId)).toBe('0')
    }
  }
})

test('a header rewritten to what it was is what it was', () => {
  for (const capture of all) {
    for (const { packet } of media(capture)) {
      const rewrite = new HeaderRewrite()
      for (const id of capture.extensions.keys()) rewrite.mapExtension(id, id)
      const { payloadType, marker, sequenceNumber, timestamp, ssrc } = packet
      Object.assign(rewrite, { payloadType, marker, sequenceNumber, timestamp, ssrc })
      const header = new Uint8Array(200)
      const end = rewrite.write(packet, header, 0)
      const expected = packet.bytes.slice(0, packet.payloadStart)
      if (packet.paddingBytes > 0) expected[0] = (expected[0] ?? 0) & ~0x20
      expect(header.subarray(0, end)).toEqual(expected)
    }
  }
})

test('RTCP: all of it is well formed; reports, NACK, PLI, XR and transport-wide feedback are there', () => {
  const counts: Partial<Record<keyof RtcpPackets, number>> = {}
  const count = (kind: keyof RtcpPackets) => {
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  const numbers: number[] = []
  for (const bytes of all.flatMap(({ rtcp }) => rtcp)) {
    const ok = readCompound(bytes, 0, bytes.length, {
      senderReport: () => count('senderReport'),
      sourceDescription: ({ chunks }) => {
        count('sourceDescription')
        expect(chunks).toMatchObject([{ items: [{ type: 1 }] }])
      },
      receiverReport: () => count('receiverReport'),
      nack: () => count('nack'),
      pictureLossIndication: () => count('pictureLossIndication'),
      extendedReport: ({ blocks }) => {
        count('extendedReport')
        expect(blocks).toMatchObject([{ kind: 'receiver-reference-time' }])
      },
      transportFeedback: ({ arrivals }) => {
        count('transportFeedback')
        numbers.push(...arrivals.map(({ sequenceNumber }) => sequenceNumber))
      },
    })
    expect(ok).toBe(true)
  }
  for (const kind of [
    'senderReport',
    'sourceDescription',
    'receiverReport',
    'extendedReport',
    'nack',
    'transportFeedback',
  ] as const) {
    expect(counts[kind], kind).toBeGreaterThan(5)
  }
  expect(counts.pictureLossIndication).toBeGreaterThan(0)
  expect(new Set(numbers).size).toBe(numbers.length)
})

test('feedback that is read and written again says the same', () => {
  const slab = new Uint8Array(1500)
  for (const bytes of named('chromium-feedback').rtcp) {
    readCompound(bytes, 0, bytes.length, {
      transportFeedback: feedback => {
        const { end } = new CompoundWriter().target(slab).add('transportFeedback', feedback)
        let back: unknown
        readCompound(slab, 0, end, {
          transportFeedback: again => {
            back = again
          },
        })
        expect(back).toEqual(feedback)
      },
    })
  }
})
