import { headerExtensions } from '@parley/rtp'
import { expect, test } from 'vitest'
import { captures } from '../../../rtp/testdata/corpus.ts'
import { DescriptorReader } from './descriptor-reader.ts'
import { FrameInfo } from './frame-info.ts'
import { layeredRtp } from './testing/layered-payloads.ts'
import { LayeredStream } from './testing/layered-stream.ts'
import { rtp, vp8Delta, vp8KeyOf } from './testing/packets.ts'
import { parsed } from './testing/test-transport.ts'

test('VP8 by its payload: a key frame with its size, another frame, and what cannot be read', () => {
  const read = (payload: readonly number[]) =>
    Object.assign({}, new FrameInfo().read(parsed(rtp({ payload })), 'vp8', undefined, 0))
  expect(read(vp8KeyOf(320, 180))).toMatchObject({ start: 'key', begins: true, pixels: 320 * 180 })
  expect(read(vp8Delta)).toMatchObject({ start: 'other', begins: true, pixels: 0 })
  expect(read([0x90, 0xe0, 0x80, 1, 7, 0xa0, 1, 0, 0])).toMatchObject({
    ...{ temporal: 2, sync: true, start: 'other', begins: true },
    numbers: { pictureId: 1, tl0PicIdx: 7 },
  })
  expect(read([0x90])).toMatchObject({ start: 'opaque', begins: false })
})

test.each(['chromium-vp8-dd', 'chromium-vp9-svc', 'chromium-av1-svc'])(
  '%s: what Chromium says by descriptor is what it says by payload',
  name => {
    const capture = captures().find(one => one.name === name)
    const id = [...(capture?.extensions ?? [])].find(([, uri]) => uri === headerExtensions.dependencyDescriptor)?.[0]
    const codec = name.split('-')[1] as string
    const descriptors = new DescriptorReader(id ?? 0)
    let keys = 0
    for (const [place, bytes] of (capture?.rtp ?? []).entries()) {
      const packet = parsed(bytes)
      if (capture?.formats.get(packet.payloadType)?.split('/')[0]?.toLowerCase() !== codec) continue
      const described = new FrameInfo().read(packet, codec, descriptors, place)
      const told = new FrameInfo().read(packet, codec, undefined, place)
      expect(described.descriptor).toBeDefined()
      expect(described.begins).toBe(told.begins)
      if (described.start === 'key') {
        keys++
        expect(told.start).toBe('key')
        expect(described.pixels).toBeGreaterThan(0)
      }
      if (codec !== 'vp9') continue
      expect([described.spatial, described.temporal, described.ends]).toEqual([told.spatial, told.temporal, told.ends])
    }
    expect(keys).toBeGreaterThan(0)
  },
)

test('a structure that comes late does not take the place of a later one; without one, nothing can be said', () => {
  const options = { codec: 'av1', encoding: 0, width: 640, height: 360, described: true, packets: 1 } as const
  const stream = new LayeredStream({ ...options, spatialLayers: 1, temporalLayers: 2, keyOnly: false }, () => 0, 0)
  const packets = [false, false, true, false]
    .flatMap(isKey => stream.picture(isKey, 0))
    .map(({ payload, descriptor = new Uint8Array() }, sequenceNumber) =>
      parsed(
        layeredRtp({
          ...{ payloadType: 96, marker: false, sequenceNumber, timestamp: 0, ssrc: 1 },
          extensions: [[7, descriptor]],
          payload,
        }),
      ),
    )
  const [first, , third, second, , last] = packets
  if (!first || !second || !third || !last) throw new Error('too few')
  const descriptors = new DescriptorReader(7)
  const read = (packet: typeof first, place: number) =>
    Object.assign({}, new FrameInfo().read(packet, 'av1', descriptors, place))
  expect(read(last, 5)).toMatchObject({ descriptor: undefined, start: 'other', begins: false })
  expect(read(second, 3)).toMatchObject({ start: 'key', pixels: 640 * 360 })
  const { structure } = descriptors
  expect(structure).toBeDefined()
  expect(read(first, 0)).toMatchObject({ start: 'key' })
  expect(descriptors.structure).toBe(structure)
  // What refers to the earlier one is read by that.
  expect(read(third, 2)).toMatchObject({ start: 'other', temporal: 1, begins: true })
  expect(read(last, 5)).toMatchObject({ temporal: 1, begins: true, descriptor: { structure } })
  // The same once more: whoever compares sees no new one.
  read(second, 3)
  expect(descriptors.descriptor.structure).toBe(structure)
  expect(descriptors.structure).toBe(structure)
})
