import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cover, shareOfNew } from './smoothing.ts'

describe('the share of a new outline', () => {
  it('is all where there was none before, or none for long', () => {
    expect(shareOfNew(Number.NaN)).toBe(1)
    expect(shareOfNew(1000)).toBeCloseTo(1)
  })

  it('grows with the time between two, and is never so small that it lags', () => {
    expect(shareOfNew(0)).toBe(0.35)
    expect(shareOfNew(33)).toBeLessThan(shareOfNew(100))
  })
})

describe('a picture behind a frame of another shape', () => {
  const side = fc.integer({ min: 1, max: 4000 })

  it('is cut above and below, or left and right, in equal parts', () => {
    expect(cover({ width: 1280, height: 720 }, { width: 640, height: 480 })).toEqual({
      scaleX: 0.75,
      scaleY: 1,
      x: 0.125,
      y: 0,
    })
    expect(cover({ width: 500, height: 1000 }, { width: 1000, height: 1000 })).toMatchObject({ scaleY: 0.5, y: 0.25 })
  })

  it('is never stretched, nor smaller than the frame', () => {
    fc.assert(
      fc.property(side, side, side, side, (width, height, frameWidth, frameHeight) => {
        const part = cover({ width, height }, { width: frameWidth, height: frameHeight })
        expect((width * part.scaleX) / (height * part.scaleY)).toBeCloseTo(frameWidth / frameHeight, 4)
        for (const [scale, offset] of [
          [part.scaleX, part.x],
          [part.scaleY, part.y],
        ] as const) {
          expect(offset).toBeGreaterThanOrEqual(0)
          expect(offset + scale).toBeLessThanOrEqual(1.000001)
        }
      }),
    )
  })
})
