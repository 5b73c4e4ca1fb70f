import { fromHex } from '@parley/bytes'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BitReader } from '../bit-reader.ts'
import { DependencyDescriptor, rewriteFrameNumber } from './dependency-descriptor.ts'

/** Bits as text, so that a test reads like the tables of the specification. */
function bytesOf(bits: string): Uint8Array {
  const compact = bits.replaceAll(/[^01]/g, '')
  const padded = compact.padEnd(Math.ceil(compact.length / 8) * 8, '0')
  return Uint8Array.from({ length: padded.length / 8 }, (_, i) => Number.parseInt(padded.slice(8 * i, 8 * i + 8), 2))
}

function bits(value: number, width: number): string {
  return width === 0 ? '' : value.toString(2).padStart(width, '0')
}

/** ns(n), written after its definition and not after the reader. */
function nonSymmetric(value: number, limit: number): string {
  const width = limit.toString(2).length
  const short = 2 ** width - limit
  return value < short ? bits(value, width - 1) : bits(value + short, width)
}

interface Template {
  readonly next: number
  readonly dtis: readonly number[]
  readonly fdiffs: readonly number[]
  readonly chains: readonly number[]
}

function structureBits(offset: number, targets: number, chains: number, protectedBy: number[], templates: Template[]) {
  return [
    bits(offset, 6),
    bits(targets - 1, 5),
    ...templates.map(({ next }) => bits(next, 2)),
    ...templates.flatMap(({ dtis }) => dtis.map(dti => bits(dti, 2))),
    ...templates.map(({ fdiffs }) => `${fdiffs.map(diff => `1${bits(diff - 1, 4)}`).join('')}0`),
    nonSymmetric(chains, targets + 1),
    ...(chains ? protectedBy.map(chain => nonSymmetric(chain, chains)) : []),
    ...templates.flatMap(template => template.chains.map(diff => bits(diff, 4))),
  ].join('')
}

// L1T2 as appendix A.9 has it: two decode targets, one chain.
const l1t2 = structureBits(
  0,
  2,
  1,
  [0, 0],
  [
    { next: 0, dtis: [2, 2], fdiffs: [], chains: [0] },
    { next: 1, dtis: [2, 2], fdiffs: [2], chains: [2] },
    { next: 3, dtis: [0, 1], fdiffs: [1], chains: [1] },
  ],
)

function frame(start: number, end: number, template: number, number: number, rest = ''): Uint8Array {
  return bytesOf(`${start}${end}${bits(template, 6)}${bits(number, 16)}${rest}`)
}

function parse(descriptor: DependencyDescriptor, bytes: Uint8Array): boolean {
  const slab = new Uint8Array(bytes.length + 20).fill(0xff)
  slab.set(bytes, 10)
  return descriptor.parse(slab, 10, bytes.length)
}

const resolution = `1${bits(1279, 16)}${bits(719, 16)}`

test('a key frame brings the structure, the frames after it refer to that', () => {
  const descriptor = new DependencyDescriptor()
  expect(parse(descriptor, frame(1, 0, 0, 7, `10000${l1t2}${resolution}`))).toBe(true)
  expect(descriptor).toMatchObject({
    startOfFrame: true,
    endOfFrame: false,
    frameNumber: 7,
    structureAttached: true,
    activeDecodeTargets: 3,
    spatialId: 0,
    temporalId: 0,
    frameDiffCount: 0,
  })
  expect(descriptor.structure).toMatchObject({
    chainCount: 1,
    resolutions: [{ width: 1280, height: 720 }],
    decodeTargets: [
      { spatialId: 0, temporalId: 0, chain: 0 },
      { spatialId: 0, temporalId: 1, chain: 0 },
    ],
  })

  expect(parse(descriptor, frame(1, 1, 2, 8))).toBe(true)
  expect(descriptor).toMatchObject({
    endOfFrame: true,
    frameNumber: 8,
    structureAttached: false,
    activeDecodeTargets: -1,
    temporalId: 1,
    frameDiffCount: 1,
  })
  expect([...descriptor.decodeTargetIndications.subarray(0, 2)]).toEqual([0, 1])
  expect(descriptor.frameDiffs[0]).toBe(1)
  expect(descriptor.chainDiffs[0]).toBe(1)
})

test('a frame may differ from its template, and say which targets are active', () => {
  const descriptor = new DependencyDescriptor()
  parse(descriptor, frame(1, 0, 0, 7, `10000${l1t2}0`))
  const custom = `01111 01 ${bits(1, 2)}${bits(3, 2)} 10${bits(199, 8)} 01${bits(4, 4)} 11${bits(4095, 12)} 00 ${bits(255, 8)}`
  expect(parse(descriptor, frame(0, 0, 1, 0xffff, custom))).toBe(true)
  expect(descriptor).toMatchObject({ activeDecodeTargets: 1, frameNumber: 0xffff, frameDiffCount: 3 })
  expect([...descriptor.decodeTargetIndications.subarray(0, 2)]).toEqual([1, 3])
  expect([...descriptor.frameDiffs.subarray(0, 3)]).toEqual([200, 5, 4096])
  expect(descriptor.chainDiffs[0]).toBe(255)
})

test('the frame number can be rewritten, and nothing else changes', () => {
  const descriptor = new DependencyDescriptor()
  const bytes = frame(1, 0, 0, 7, `10000${l1t2}0`)
  rewriteFrameNumber(bytes, 0, 0xfffe)
  expect(bytes).toEqual(frame(1, 0, 0, 0xfffe, `10000${l1t2}0`))
  expect(parse(descriptor, bytes)).toBe(true)
  expect(descriptor.frameNumber).toBe(0xfffe)
})

test('without a structure, or with a broken one, a descriptor says little; the old structure stays', () => {
  const descriptor = new DependencyDescriptor()
  expect(parse(descriptor, frame(1, 0, 1, 8))).toBe(false)
  expect(descriptor).toMatchObject({ startOfFrame: true, frameNumber: 8, structure: undefined })
  parse(descriptor, frame(1, 0, 0, 7, `10000${l1t2}0`))
  const { structure } = descriptor
  const whole = frame(1, 0, 0, 9, `10000${l1t2}0`)
  for (let length = 4; length < whole.length; length++) expect(parse(descriptor, whole.subarray(0, length))).toBe(false)
  expect(descriptor.structure).toBe(structure)
  expect(parse(descriptor, frame(1, 0, 3, 9)), 'no such template').toBe(false)
  expect(parse(descriptor, fromHex('8000')), 'too short').toBe(false)
  // 65 templates, and a spatial layer too many.
  expect(parse(descriptor, frame(1, 0, 0, 9, `10000${bits(0, 11)}${'00'.repeat(65)}11${'0'.repeat(999)}`))).toBe(false)
  expect(parse(descriptor, frame(1, 0, 0, 9, `10000${bits(0, 11)}${'10'.repeat(4)}11${'0'.repeat(99)}`))).toBe(false)
  expect(descriptor.structure).toBe(structure)
  expect(parse(descriptor, frame(1, 0, 1, 10))).toBe(true)
})

test('whatever structure is sent comes back', () => {
  const shape = fc
    .record({ targets: fc.integer({ min: 1, max: 32 }), count: fc.integer({ min: 1, max: 6 }), chains: fc.nat(4) })
    .map(value => ({ ...value, chains: Math.min(value.chains, value.targets) }))
  const whole = shape.chain(({ targets, count, chains }) =>
    fc.record({
      targets: fc.constant(targets),
      chains: fc.constant(chains),
      offset: fc.nat(63),
      protectedBy: fc.array(fc.nat(Math.max(0, chains - 1)), { minLength: targets, maxLength: targets }),
      templates: fc.array(
        fc.record({
          next: fc.constantFrom(0, 1),
          dtis: fc.array(fc.nat(3), { minLength: targets, maxLength: targets }),
          fdiffs: fc.array(fc.integer({ min: 1, max: 16 }), { maxLength: 3 }),
          chains: fc.array(fc.nat(15), { minLength: chains, maxLength: chains }),
        }),
        { minLength: count, maxLength: count },
      ),
    }),
  )
  fc.assert(
    fc.property(whole, ({ offset, targets, chains, protectedBy, templates }) => {
      const closed = templates.map((template, i) => (i === templates.length - 1 ? { ...template, next: 3 } : template))
      const descriptor = new DependencyDescriptor()
      const structure = structureBits(offset, targets, chains, protectedBy, closed)
      expect(parse(descriptor, frame(1, 1, offset, 1, `10000${structure}0`))).toBe(true)
      expect(descriptor.structure?.decodeTargets.map(({ chain }) => chain)).toEqual(
        chains ? protectedBy : protectedBy.map(() => -1),
      )
      for (const [i, template] of closed.entries()) {
        expect(parse(descriptor, frame(0, 0, (offset + i) % 64, i))).toBe(true)
        expect([...descriptor.decodeTargetIndications.subarray(0, targets)]).toEqual(template.dtis)
        expect([...descriptor.frameDiffs.subarray(0, descriptor.frameDiffCount)]).toEqual(template.fdiffs)
        expect([...descriptor.chainDiffs.subarray(0, chains)]).toEqual(template.chains)
      }
    }),
  )
})

test('the bit reader never leaves its window', () => {
  const reader = new BitReader().target(fromHex('ff a5 c3 ff'), 1, 3)
  expect([reader.bits(3), reader.bits(9), reader.flag(), reader.bits(0), reader.overrun]).toEqual([
    5,
    (0x5c >> 0) | 0,
    false,
    0,
    false,
  ])
  expect(reader.bits(4)).toBe(0)
  expect(reader.overrun).toBe(true)
  expect(reader.target(fromHex('ffffffff'), 0, 4).bits(32)).toBe(0xffffffff)
})
