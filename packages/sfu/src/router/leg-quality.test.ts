import { expect, test } from 'vitest'
import { LegQuality, type Measured } from './leg-quality.ts'

const fine: Measured = { uplinkLoss: 0, downlinkLoss: 0, roundTripMs: 40, shortage: 'none' }

test('that all is well is told at once, anything else when it has lasted', () => {
  const quality = new LegQuality()
  expect(quality.judge(fine)).toEqual({ score: 4 })
  expect(quality.judge(fine)).toBeUndefined()
  const lossy = { ...fine, uplinkLoss: 0.1 }
  expect(quality.judge(lossy)).toBeUndefined()
  expect(quality.judge(lossy)).toBeUndefined()
  expect(quality.judge(lossy)).toEqual({ score: 2, reason: 'uplink-loss' })
  expect(quality.judge(fine)).toBeUndefined()
  expect(quality.judge(lossy)).toBeUndefined()
  expect(quality.judge(fine)).toBeUndefined()
})

test.each([
  [{ downlinkLoss: 0.3 }, { score: 1, reason: 'downlink-loss' }],
  [{ roundTripMs: 300 }, { score: 3, reason: 'delay' }],
  [{ shortage: 'starved' }, { score: 1, reason: 'downlink-bandwidth' }],
  [{ shortage: 'smaller' }, { score: 3, reason: 'downlink-bandwidth' }],
  [
    { shortage: 'starved', uplinkLoss: 0.1 },
    { score: 1, reason: 'downlink-bandwidth' },
  ],
  [{ uplinkLoss: undefined, downlinkLoss: undefined, roundTripMs: undefined }, { score: 4 }],
] as const)('%j: the worst counts, with its reason', (measured, expected) => {
  const quality = new LegQuality()
  const told = [1, 2, 3].map(() => quality.judge({ ...fine, ...measured })).filter(Boolean)
  expect(told).toEqual([expected])
})
