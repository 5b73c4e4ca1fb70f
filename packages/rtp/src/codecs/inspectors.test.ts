import { fromHex, toHex } from '@parley/bytes'
import { expect, test } from 'vitest'
import { inspectors } from './inspectors.ts'
import { PayloadInfo } from './payload-info.ts'

const info = new PayloadInfo()
const blank = new PayloadInfo()

/** Inspects the payload in the middle of a buffer; undefined if it is refused. */
function inspect(codec: string, hex: string): PayloadInfo | undefined {
  const payload = fromHex(hex)
  const slab = new Uint8Array(payload.length + 20).fill(0xff)
  slab.set(payload, 10)
  return inspectors.get(codec)?.(slab, 10, 10 + payload.length, info) ? info : undefined
}

/** Only what differs from a reset. */
function found(codec: string, hex: string): Partial<PayloadInfo> | undefined {
  const result = inspect(codec, hex)
  if (!result) return undefined
  const keys = Object.keys(blank) as (keyof PayloadInfo)[]
  return Object.fromEntries(keys.filter(key => result[key] !== blank[key]).map(key => [key, result[key]]))
}

const vp8Key = '10 1c00 9d012a 8002 e041 00' // 640 x 480, scaled up vertically.

test.each([
  ['RFC 7741 §4.5 in small: nothing but the first byte', `10 ${vp8Key.slice(3)}`, true],
  ['interframe', '10 11 0000', false],
])('VP8: %s', (_, hex, keyFrame) => {
  expect(inspect('vp8', hex)).toMatchObject({ keyFrame, startOfFrame: true })
})

test('VP8: behind every field of a descriptor', () => {
  expect(found('vp8', `b0 f0 9234 ab 7f ${vp8Key.slice(3)}`.replace('1c00', '1c0000'))).toEqual({
    keyFrame: true,
    startOfFrame: true,
    width: 640,
    height: 480,
  })
  for (const descriptor of ['90 80 7f', '90 80 8001', '90 40 07', '90 20 c0', '90 10 e5', '90 00']) {
    expect(found('vp8', `${descriptor} 01`), descriptor).toEqual({ startOfFrame: true })
  }
})

test('VP8: only the first packet of the first partition begins a frame', () => {
  expect(found('vp8', '00 00')).toEqual({})
  expect(found('vp8', '11 00'), 'another partition').toEqual({})
  expect(found('vp8', '10 10'), 'a key frame cut before its size').toEqual({ startOfFrame: true, keyFrame: true })
})

test.each(['', '10', '90', '90 80', '90 80 80', '90 80 8001', '90 40', '90 40 07', '90 20', '90 f0 8001 02 03'])(
  'VP8: "%s" is refused',
  hex => {
    expect(inspect('vp8', hex)).toBeUndefined()
  },
)

test('VP9: a key frame in non-flexible mode, with the structure of three layers', () => {
  // I, L, B, E, V; N_S 2, sizes, one picture of a pattern with one reference.
  const structure = '58 0140 00b4 0280 0168 0500 02d0 01 04 01'
  expect(found('vp9', `ae 8001 00 2a ${structure} 82`)).toEqual({
    keyFrame: true,
    startOfFrame: true,
    width: 1280,
    height: 720,
  })
})

test('VP9: layers of a key picture above the first, and later pictures, are no key frames', () => {
  expect(found('vp9', 'a8 01 03 2a 82')).toEqual({ startOfFrame: true })
  expect(found('vp9', 'e9 01 54 2a 82')).toEqual({ startOfFrame: true })
})

test('VP9: flexible mode has references and no TL0PICIDX', () => {
  expect(found('vp9', 'f4 01 20 03 05 06 82')).toEqual({})
  expect(found('vp9', 'f4 01 20 03 05 07 08 82'), 'four references').toBeUndefined()
  expect(found('vp9', '18 82')).toEqual({ startOfFrame: true, keyFrame: true })
})

test.each([
  '',
  '08',
  '88',
  '88 80',
  '88 8001',
  '28 00',
  '28 00 00',
  '58 02',
  '58 03',
  '0a',
  '0a 30 0000',
  '0a 08',
  '0a 08 01',
  '0a 08 01 0c 01',
])('VP9: "%s" is refused', hex => {
  expect(inspect('vp9', hex)).toBeUndefined()
})

test('AV1: a sequence header begins a key frame, by its length or as the last of a number', () => {
  // N, W 2: sequence header of 3 bytes, then a frame.
  expect(found('av1', '28 03 08aabb 30cc')).toEqual({ keyFrame: true, startOfFrame: true })
  expect(found('av1', '20 03 08aabb 30cc'), 'without N').toEqual({ keyFrame: true, startOfFrame: true })
  expect(found('av1', '00 02 32cc 02 08aa')).toEqual({ keyFrame: true, startOfFrame: true })
  expect(found('av1', '10 30cc')).toEqual({ startOfFrame: true })
  expect(found('av1', '10 20cc'), 'a tile group').toEqual({})
  expect(found('av1', '10 34 48 cc'), 'a header with an extension').toEqual({ startOfFrame: true })
})

test('AV1: the size in a sequence header, with and without timing, decoder model and an OBU size', () => {
  const size = ['1001', '1000', (640 - 1).toString(2).padStart(10, '0'), (360 - 1).toString(2).padStart(9, '0')]
  const point = ['0'.repeat(12), '00101']
  const tiered = ['0'.repeat(12), '01000', '1']
  const u32 = '1'.repeat(32)
  for (const [what, head, fields] of [
    ['plain', '08', ['000', '0', '0', '0', '0', '00000', ...point, ...size]],
    ['still picture', '08', ['000', '1', '1', '00101', ...size]],
    [
      'two points, one with a tier, display delays',
      '08',
      ['000', '0', '0', '0', '1', '00001', ...point, '0', ...tiered, '1', '1010', ...size],
    ],
    ['timing', '08', ['000', '0', '0', '1', u32, u32, '1', '00101', '0', '0', '00000', ...point, ...size]],
    [
      'decoder model',
      '08',
      [
        '000',
        '0',
        '0',
        '1',
        u32,
        u32,
        '0',
        '1',
        '00011',
        u32,
        '1'.repeat(10),
        '0',
        '00000',
        ...point,
        '1',
        '10101010',
        '1',
        ...size,
      ],
    ],
    ['OBU extension', '0c 48', ['000', '0', '0', '0', '0', '00000', ...point, ...size]],
    ['OBU size', '0a 0a', ['000', '0', '0', '0', '0', '00000', ...point, ...size]],
  ] as const) {
    expect(found('av1', `10 ${head} ${toHex(bitsOf(fields))}`), what).toMatchObject({ width: 640, height: 360 })
  }
  expect(found('av1', '10 08 00 00'), 'cut').toEqual({ keyFrame: true, startOfFrame: true })
})

test('AV1: what continues an OBU is no OBU', () => {
  expect(found('av1', '90 08aa')).toEqual({})
  expect(found('av1', '80 02 08aa 02 20aa')).toEqual({})
  expect(found('av1', '80 02 20aa 02 08aa')).toEqual({ keyFrame: true })
})

test.each(['', '10', '98 08aa', '00 02 08', '00 80', '00 8080808080 01', '20 05 08aa', '00 ffffffff0f 01'])(
  'AV1: "%s" is refused',
  hex => {
    expect(inspect('av1', hex)).toBeUndefined()
  },
)

// Baseline, level 3.1, picture order of type 2, 20 x 15 macroblocks, not cropped: 42 e0 1f, then Exp-Golomb numbers.
const sps320 = `42e01f ${toHex(bitsOf(['ue 0', 'ue 0', 'ue 2', 'ue 1', '0', 'ue 19', 'ue 14', '1', '1', '0', '0', '1']))}`

// High, scaling lists, picture order of type 1, fields, 120 x 34 (x 2) macroblocks, four rows cropped twice: 1920 x 1080.
const sps1080 = `64001f ${toHex(
  bitsOf([
    ...['ue 0', 'ue 1', 'ue 0', 'ue 0', '0', '1', '1', ...Array.from({ length: 16 }, () => 'ue 0'), '1', 'ue 16'],
    ...Array.from({ length: 6 }, () => '0'),
    ...['ue 0', 'ue 1', '0', 'ue 3', 'ue 4', 'ue 2', 'ue 5', 'ue 6', 'ue 1', '0', 'ue 119', 'ue 33', '0', '1', '1'],
    ...['1', 'ue 0', 'ue 0', 'ue 0', 'ue 2', '0', '1'],
  ]),
)}`

function bitsOf(fields: readonly string[]): Uint8Array {
  const bits = fields.map(field => (field.startsWith('ue ') ? golomb(Number(field.slice(3))) : field)).join('')
  const bytes = bits.match(/.{1,8}/g) ?? []
  return Uint8Array.from(bytes, byte => Number.parseInt(byte.padEnd(8, '0'), 2))
}

function golomb(value: number): string {
  const code = (value + 1).toString(2)
  return code.padStart(2 * code.length - 1, '0')
}

test('H.264: parameter sets, IDR pictures and others', () => {
  expect(found('h264', `67 ${sps320}`)).toEqual({ keyFrame: true, startOfFrame: true, width: 320, height: 240 })
  expect(found('h264', `67 ${sps1080}`)).toMatchObject({ width: 1920, height: 1080 })
  expect(found('h264', '65 88')).toEqual({ keyFrame: true, startOfFrame: true })
  expect(found('h264', '65 40'), 'a later slice').toEqual({ keyFrame: true })
  expect(found('h264', '41 9a')).toEqual({ startOfFrame: true })
  expect(found('h264', '01 9a')).toEqual({ startOfFrame: true })
  expect(found('h264', '68 ce'), 'PPS').toEqual({ startOfFrame: true })
  const escaped = sps320.replace('42e01f', '420000 03')
  expect(found('h264', `67 ${escaped}`), 'a byte against start codes').toMatchObject({ width: 320 })
  expect(found('h264', '67'), 'a cut SPS').toEqual({ keyFrame: true, startOfFrame: true })
})

test('H.264: aggregates and fragments', () => {
  const size = fromHex(`67${sps1080}`).length.toString(16).padStart(4, '0')
  expect(found('h264', `78 ${size} 67${sps1080} 0002 68ce 0002 6588`)).toEqual({
    keyFrame: true,
    startOfFrame: true,
    width: 1920,
    height: 1080,
  })
  expect(found('h264', '78 0002 419a')).toEqual({ startOfFrame: true })
  expect(found('h264', '7c 85 88')).toEqual({ keyFrame: true, startOfFrame: true })
  expect(found('h264', '7c 05 88'), 'the middle').toEqual({ keyFrame: true })
  expect(found('h264', '7c 45 88'), 'the end').toEqual({ keyFrame: true })
  expect(found('h264', '5c 81 9a')).toEqual({ startOfFrame: true })
  expect(found('h264', '5c 01 9a')).toEqual({})
})

test.each([
  '',
  '78',
  '78 00',
  '78 0001',
  '78 0000 65',
  '78 0003 6588',
  '78 0001 65 00',
  '7c',
  '7c 85',
  '79 00',
  '60',
  '7f',
])('H.264: "%s" is refused', hex => {
  expect(inspect('h264', hex)).toBeUndefined()
})

// Main, level 3.1, one sub-layer; 4:2:0, 1280 x 720.
const h265Sps = '4201 01 01 60000003 0000 90 0000 03 0000 5d a0 0280 80 2d16'

test('H.265: parameter sets and pictures to begin with are key frames, their first slice is a beginning', () => {
  expect(found('h265', '4001 0c')).toEqual({ keyFrame: true, startOfFrame: true })
  expect(found('h265', '2601 80'), 'IDR').toEqual({ keyFrame: true, startOfFrame: true })
  expect(found('h265', '2a01 80'), 'CRA').toEqual({ keyFrame: true, startOfFrame: true })
  expect(found('h265', '2601 00'), 'a later slice of it').toEqual({ keyFrame: true })
  expect(found('h265', '0201 80'), 'a picture that needs others').toEqual({ startOfFrame: true })
  expect(found('h265', '4e03 80'), 'a message, of a temporal layer').toEqual({ startOfFrame: true })
})

test('H.265: aggregates and fragments', () => {
  expect(found('h265', '6001 0003 400101 0003 260180')).toEqual({ keyFrame: true, startOfFrame: true })
  expect(found('h265', '6201 93 80'), 'a fragment that begins an IDR').toEqual({
    keyFrame: true,
    startOfFrame: true,
  })
  expect(found('h265', '6201 13 80'), 'one that does not').toEqual({ keyFrame: true })
  expect(found('h265', '6201 81 80'), 'a picture that needs others').toEqual({ startOfFrame: true })
})

test('H.265: the size', () => {
  expect(found('h265', h265Sps)).toMatchObject({ keyFrame: true, width: 1280, height: 720 })
})

test.each(['', '40', '4001', '6001 00', '6001 0003 4001', '6001 0001 40', '6201 93', '6401 0000'])(
  'H.265: "%s" is refused',
  hex => expect(inspect('h265', hex)).toBeUndefined(),
)
