import { fromHex, toHex } from '@parley/bytes'
import { expect, test } from 'vitest'
import { LayerInfo, rewritePictureId } from './layer-info.ts'
import { readVp8Layers } from './vp8.ts'
import { readVp9Layers } from './vp9.ts'

const blank = new LayerInfo()

/** What the descriptor says, without what a reset says; undefined if it is refused. */
function found(read: typeof readVp8Layers, hex: string): Partial<LayerInfo> | undefined {
  const payload = fromHex(hex)
  const slab = new Uint8Array(payload.length + 20).fill(0xff)
  slab.set(payload, 10)
  const layers = new LayerInfo()
  if (!read(slab, 10, 10 + payload.length, layers)) return undefined
  const keys = Object.keys(blank) as (keyof LayerInfo)[]
  return Object.fromEntries(keys.filter(key => layers[key] !== blank[key]).map(key => [key, layers[key]]))
}

test('VP8: every field', () => {
  expect(found(readVp8Layers, 'b0 f0 9234 ab 7f 10')).toEqual({
    discardable: true,
    temporalId: 1,
    layerSync: true,
    pictureId: 0x1234,
    pictureIdBits: 15,
    pictureIdOffset: 12,
    tl0PicIdx: 0xab,
    tl0PicIdxOffset: 14,
  })
  expect(found(readVp8Layers, '90 80 7f 01')).toMatchObject({ pictureId: 0x7f, pictureIdBits: 7 })
  expect(found(readVp8Layers, '90 40 07 01')).toEqual({ tl0PicIdx: 7, tl0PicIdxOffset: 12 })
  expect(found(readVp8Layers, '90 20 c0 01'), 'tid without keyidx').toEqual({ temporalId: 3 })
  expect(found(readVp8Layers, '90 10 e5 01'), 'keyidx without tid').toEqual({})
  expect(found(readVp8Layers, '90 00 01')).toEqual({})
  expect(found(readVp8Layers, '10 01')).toEqual({})
})

test.each(['', '10', '90', '90 80', '90 80 80', '90 80 8001', '90 40', '90 40 07', '90 20', '90 f0 8001 02 03'])(
  'VP8: "%s" is refused',
  hex => expect(found(readVp8Layers, hex)).toBeUndefined(),
)

test.each([
  ['90 f0 9234 ab 20 01', 0x7fff, 0x100, '90f0ffff002001'],
  ['90 f0 9234 ab 20 01', 0x8001, 7, '90f08001072001'],
  ['90 e0 34 ab 20 01', 0x1234, 255, '90e034ff2001'],
  ['90 e0 7f ab 20 01', 0x80, 1, '90e000012001'],
  ['90 40 ab 01', 5, 9, '90400901'],
  ['10 01', 5, 9, '1001'],
])('VP8: numbers of %s become %i and %i', (hex, pictureId, tl0PicIdx, expected) => {
  const bytes = fromHex(hex)
  const layers = new LayerInfo()
  expect(readVp8Layers(bytes, 0, bytes.length, layers)).toBe(true)
  rewritePictureId(bytes, layers, pictureId, tl0PicIdx)
  expect(toHex(bytes)).toBe(expected)
})

test('VP9: a key picture, its higher layers, and later pictures', () => {
  expect(found(readVp9Layers, 'ac 8001 00 2a 82')).toEqual({
    endOfFrame: true,
    pictureId: 1,
    pictureIdBits: 15,
    pictureIdOffset: 11,
    tl0PicIdx: 0x2a,
    tl0PicIdxOffset: 14,
  })
  expect(found(readVp9Layers, 'a8 01 03 2a 82')).toMatchObject({ spatialId: 1, interLayerPredicted: true })
  expect(found(readVp9Layers, 'e9 01 54 2a 82')).toEqual({
    discardable: true,
    interPicturePredicted: true,
    temporalId: 2,
    layerSync: true,
    spatialId: 2,
    pictureId: 1,
    pictureIdBits: 7,
    pictureIdOffset: 11,
    tl0PicIdx: 0x2a,
    tl0PicIdxOffset: 13,
  })
})

test('VP9: flexible mode has no TL0PICIDX', () => {
  expect(found(readVp9Layers, 'f4 01 20 03 05 06 82')).toEqual({
    endOfFrame: true,
    interPicturePredicted: true,
    temporalId: 1,
    pictureId: 1,
    pictureIdBits: 7,
    pictureIdOffset: 11,
  })
})

test.each(['', '08', '88', '88 80', '88 8001', '28 00', '28 00 00'])('VP9: "%s" is refused', hex =>
  expect(found(readVp9Layers, hex)).toBeUndefined(),
)
