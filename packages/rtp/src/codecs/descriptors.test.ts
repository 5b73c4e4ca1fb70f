import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inspectAv1 } from './av1.ts'
import { inspectH264 } from './h264.ts'
import { LayerInfo, rewritePictureId } from './layer-info.ts'
import { PayloadInfo } from './payload-info.ts'
import { inspectVp8, readVp8Layers } from './vp8.ts'
import { inspectVp9, readVp9Layers } from './vp9.ts'

/*
 * Descriptors written field by field as the RFCs draw them, and read back.
 */

const info = new PayloadInfo()
const layers = new LayerInfo()
const bit = fc.boolean()
const flag = (value: boolean, mask: number) => (value ? mask : 0)
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const pictureId = maybe(fc.record({ long: bit, id: fc.nat(0x7fff) }))
const uint8 = fc.nat(0xff)

function pictureIdBytes(value: { long: boolean; id: number } | undefined): number[] {
  if (!value) return []
  return value.long ? [0x80 | (value.id >> 8), value.id & 0xff] : [value.id & 0x7f]
}

function pictureIdOf(value: { long: boolean; id: number } | undefined): number {
  if (!value) return -1
  return value.long ? value.id : value.id & 0x7f
}

/** Reads the payload in the middle of a buffer. */
function at7(bytes: readonly number[]): [Uint8Array, number, number] {
  return [Uint8Array.from([...Array(7).fill(0xff), ...bytes, 0xff, 0xff]), 7, 7 + bytes.length]
}

test('VP8', () => {
  const layer = fc.record({ tid: fc.nat(3), sync: bit })
  const fields = fc.record({
    pictureId,
    tl0: maybe(uint8),
    layer: maybe(layer),
    keyIndex: maybe(fc.nat(31)),
    partition: fc.nat(7),
    start: bit,
    nonReference: bit,
    inter: bit,
    next: fc.record({ pictureId: fc.nat(0x7fff), tl0PicIdx: uint8 }),
  })
  fc.assert(
    fc.property(fields, ({ layer, keyIndex, tl0, ...rest }) => {
      const present =
        flag(rest.pictureId !== undefined, 0x80) |
        flag(tl0 !== undefined, 0x40) |
        flag(layer !== undefined, 0x20) |
        flag(keyIndex !== undefined, 0x10)
      const payload = at7([
        flag(present !== 0, 0x80) | flag(rest.nonReference, 0x20) | flag(rest.start, 0x10) | rest.partition,
        ...(present ? [present] : []),
        ...pictureIdBytes(rest.pictureId),
        ...(tl0 === undefined ? [] : [tl0]),
        ...(present & 0x30 ? [((layer?.tid ?? 0) << 6) | flag(layer?.sync ?? false, 0x20) | (keyIndex ?? 0)] : []),
        flag(rest.inter, 1),
      ])
      const startOfFrame = rest.start && rest.partition === 0
      expect(inspectVp8(...payload, info)).toBe(true)
      expect(info).toMatchObject({ startOfFrame, keyFrame: startOfFrame && !rest.inter })

      const expected = {
        discardable: rest.nonReference,
        pictureId: pictureIdOf(rest.pictureId),
        tl0PicIdx: tl0 ?? -1,
        temporalId: layer?.tid ?? 0,
        layerSync: layer?.sync ?? false,
      }
      expect(readVp8Layers(...payload, layers)).toBe(true)
      expect(layers).toMatchObject(expected)

      rewritePictureId(payload[0], layers, rest.next.pictureId, rest.next.tl0PicIdx)
      expect(readVp8Layers(...payload, layers)).toBe(true)
      expect(layers).toMatchObject({
        ...expected,
        pictureId: pictureIdOf(rest.pictureId && { ...rest.pictureId, id: rest.next.pictureId }),
        tl0PicIdx: tl0 === undefined ? -1 : rest.next.tl0PicIdx,
      })
    }),
  )
})

test('VP9', () => {
  const structure = fc.record({
    sizes: fc.array(fc.record({ width: fc.nat(0xffff), height: fc.nat(0xffff) }), { minLength: 1, maxLength: 8 }),
    withSizes: bit,
    pictures: maybe(fc.array(fc.array(uint8, { maxLength: 3 }), { maxLength: 9 })),
  })
  const fields = fc.record({
    pictureId,
    layer: maybe(fc.record({ tid: fc.nat(7), sync: bit, sid: fc.nat(7), inter: bit, tl0: uint8 })),
    flexible: bit,
    predicted: bit,
    references: fc.array(fc.nat(127), { minLength: 1, maxLength: 3 }),
    begins: bit,
    ends: bit,
    unused: bit,
    structure: maybe(structure),
  })
  fc.assert(
    fc.property(fields, ({ layer, structure, references, flexible, predicted, ...rest }) => {
      const payload = at7([
        flag(rest.pictureId !== undefined, 0x80) |
          flag(predicted, 0x40) |
          flag(layer !== undefined, 0x20) |
          flag(flexible, 0x10) |
          flag(rest.begins, 0x08) |
          flag(rest.ends, 0x04) |
          flag(structure !== undefined, 0x02) |
          flag(rest.unused, 0x01),
        ...pictureIdBytes(rest.pictureId),
        ...(layer ? [(layer.tid << 5) | flag(layer.sync, 0x10) | (layer.sid << 1) | flag(layer.inter, 1)] : []),
        ...(layer && !flexible ? [layer.tl0] : []),
        ...(flexible && predicted ? references.map((diff, i) => (diff << 1) | flag(i < references.length - 1, 1)) : []),
        ...(structure ? structureBytes(structure) : []),
        0x82,
      ])
      expect(inspectVp9(...payload, info)).toBe(true)
      const top = structure?.withSizes ? structure.sizes.at(-1) : undefined
      expect(info).toMatchObject({
        keyFrame: !predicted && !layer?.inter,
        startOfFrame: rest.begins,
        width: top?.width ?? 0,
        height: top?.height ?? 0,
      })
      expect(readVp9Layers(...payload, layers)).toBe(true)
      expect(layers).toMatchObject({
        endOfFrame: rest.ends,
        discardable: rest.unused,
        pictureId: pictureIdOf(rest.pictureId),
        temporalId: layer?.tid ?? 0,
        spatialId: layer?.sid ?? 0,
        layerSync: layer?.sync ?? false,
        interLayerPredicted: layer?.inter ?? false,
        interPicturePredicted: predicted,
        tl0PicIdx: layer && !flexible ? layer.tl0 : -1,
      })
    }),
  )
})

function structureBytes(structure: {
  sizes: readonly { width: number; height: number }[]
  withSizes: boolean
  pictures: readonly (readonly number[])[] | undefined
}): number[] {
  const { sizes, withSizes, pictures } = structure
  return [
    ((sizes.length - 1) << 5) | flag(withSizes, 0x10) | flag(pictures !== undefined, 0x08),
    ...(withSizes ? sizes.flatMap(({ width, height }) => [width >> 8, width & 0xff, height >> 8, height & 0xff]) : []),
    ...(pictures ? [pictures.length, ...pictures.flatMap(diffs => [diffs.length << 2, ...diffs])] : []),
  ]
}

function leb128(value: number): number[] {
  return value < 0x80 ? [value] : [0x80 | (value & 0x7f), ...leb128(value >> 7)]
}

test('AV1: OBUs are found whatever their lengths', () => {
  const types = fc.constantFrom(1, 2, 3, 4, 5, 6, 15)
  const obu = fc.record({ type: types, size: fc.constantFrom(0, 1, 126, 127, 128, 300) })
  fc.assert(
    fc.property(fc.array(obu, { minLength: 1, maxLength: 6 }), bit, bit, (obus, continues, counted) => {
      const count = counted && obus.length <= 3 ? obus.length : 0
      const payload = at7([
        flag(continues, 0x80) | (count << 4),
        ...obus.flatMap(({ type, size }, i) => {
          const length = i + 1 === count ? [] : leb128(1 + size)
          return [...length, type << 3, ...Array(size).fill(0)]
        }),
      ])
      expect(inspectAv1(...payload, info)).toBe(true)
      const whole = continues ? obus.slice(1) : obus
      expect(info.keyFrame).toBe(whole.some(({ type }) => type === 1))
      expect(info.startOfFrame).toBe(!continues && [1, 2, 3, 5, 6].includes(obus[0]?.type ?? 0))
    }),
  )
})

test('H.264: NAL units alone, together and in fragments are the same', () => {
  const nal = fc.record({ type: fc.integer({ min: 1, max: 9 }), first: bit, size: fc.integer({ min: 1, max: 300 }) })
  const isKey = ({ type }: { type: number }) => type === 5 || type === 7
  const begins = ({ type, first }: { type: number; first: boolean }) =>
    type >= 6 || ((type === 1 || type === 5) && first)
  const body = ({ first, size }: { first: boolean; size: number }) => [flag(first, 0x80), ...Array(size - 1).fill(0x11)]
  fc.assert(
    fc.property(fc.array(nal, { minLength: 1, maxLength: 5 }), nals => {
      const aggregate = nals.flatMap(one => [(one.size + 1) >> 8, (one.size + 1) & 0xff, 0x60 | one.type, ...body(one)])
      expect(inspectH264(...at7([0x78, ...aggregate]), info)).toBe(true)
      const [first] = nals as [(typeof nals)[number]]
      expect(info).toMatchObject({ keyFrame: nals.some(isKey), startOfFrame: begins(first) })
      for (const payload of [
        [0x60 | first.type, ...body(first)],
        [0x7c, 0x80 | first.type, ...body(first)],
      ]) {
        expect(inspectH264(...at7(payload), info)).toBe(true)
        expect(info).toMatchObject({ keyFrame: isKey(first), startOfFrame: begins(first) })
      }
    }),
  )
})
