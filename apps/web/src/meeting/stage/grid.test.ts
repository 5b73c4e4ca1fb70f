import { describe, expect, it } from 'vitest'
import { type Rect, type Size, shapes } from './geometry.ts'
import { fewestColumns, grid, gridCapacity } from './grid.ts'

const stages: Record<string, Size> = {
  laptop: { width: 1280, height: 620 },
  'laptop with chat open': { width: 900, height: 620 },
  television: { width: 1920, height: 900 },
  'very wide': { width: 2560, height: 600 },
  square: { width: 700, height: 700 },
  phone: { width: 374, height: 640 },
  'phone on its side': { width: 760, height: 260 },
}
const gap = 8

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/** The best area that any shape and any number of columns would give, found by trying shapes instead of computing. */
function bestArea(count: number, stage: Size): number {
  let best = 0
  const { narrowest, widest } = shapes(stage)
  for (let ratio = narrowest; ratio <= widest + 1e-9; ratio += (widest - narrowest) / 200) {
    for (let rows = 1; rows <= count; rows++) {
      const columns = Math.max(fewestColumns(count, stage), Math.ceil(count / rows))
      const byHeight = ((stage.height - gap * (rows - 1)) / rows) * ratio
      const byWidth = (stage.width - gap * (columns - 1)) / columns
      const width = Math.min(byHeight, byWidth)
      if (width > 0) best = Math.max(best, (width * width) / ratio)
    }
  }
  return best
}

describe.each(Object.entries(stages))('grid on a %s', (_, stage) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 9, 12, 16, 25])('places %i tiles inside, apart, alike and large', count => {
    const rects = grid(count, stage, gap)
    expect(rects).toHaveLength(count)
    for (const rect of rects) {
      expect(rect.x).toBeGreaterThanOrEqual(0)
      expect(rect.y).toBeGreaterThanOrEqual(0)
      expect(rect.x + rect.width).toBeLessThanOrEqual(stage.width)
      expect(rect.y + rect.height).toBeLessThanOrEqual(stage.height)
      expect([rect.width, rect.height]).toEqual([rects[0]?.width, rects[0]?.height])
    }
    for (const [i, a] of rects.entries()) for (const b of rects.slice(i + 1)) expect(overlap(a, b)).toBe(false)
    const [first] = rects
    const area = (first?.width ?? 0) * (first?.height ?? 0)
    expect(area).toBeGreaterThan(0.97 * bestArea(count, stage))
  })

  it('keeps every tile near the middle: the margins left and right are equal', () => {
    for (const count of [1, 3, 5]) {
      const rects = grid(count, stage, gap)
      const left = Math.min(...rects.map(rect => rect.x))
      const right = stage.width - Math.max(...rects.map(rect => rect.x + rect.width))
      expect(Math.abs(left - right)).toBeLessThanOrEqual(1)
    }
  })

  it('shows faces at a usable size on a full page', () => {
    const [tile] = grid(gridCapacity(stage, gap), stage, gap)
    expect(tile?.width).toBeGreaterThanOrEqual(99)
    expect(tile?.height).toBeGreaterThanOrEqual(74)
  })
})

describe('grid', () => {
  it('makes two rows of up to four people on a phone', () => {
    const phone = { width: 374, height: 640 }
    for (const count of [2, 3, 4]) expect(new Set(grid(count, phone, gap).map(rect => rect.y)).size).toBe(2)
  })

  it('survives a stage that has no size yet', () => {
    expect(grid(3, { width: 0, height: 0 }, gap)).toEqual(Array(3).fill({ x: 0, y: 0, width: 0, height: 0 }))
    expect(grid(0, { width: 100, height: 100 }, gap)).toEqual([])
    expect(gridCapacity({ width: 0, height: 0 }, gap)).toBe(1)
  })
})
