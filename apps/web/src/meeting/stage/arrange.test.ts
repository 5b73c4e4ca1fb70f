import { describe, expect, it } from 'vitest'
import { arrange, layouts, type Piece, type Wish } from './arrange.ts'
import type { Rect, Size } from './geometry.ts'

const wide: Size = { width: 1200, height: 600 }
const phone: Size = { width: 374, height: 600 }
const plain: Wish = { layout: 'auto', pinned: undefined, speaker: undefined, page: 0 }

function people(count: number): Piece[] {
  return Array.from({ length: count }, (_, i) => ({ key: `camera:${i}`, kind: 'camera' as const, self: i === 0 }))
}

const screen: Piece = { key: 'screen:1', kind: 'screen', self: false }
const ownScreen: Piece = { key: 'screen:0', kind: 'screen', self: true }

function inside(rect: Rect, stage: Size): boolean {
  return rect.x >= 0 && rect.y >= 0 && rect.x + rect.width <= stage.width && rect.y + rect.height <= stage.height
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

describe.each(layouts)('layout %s', layout => {
  it.each([1, 2, 3, 5, 6, 12, 40])('keeps %i people and a screen inside the stage, none over another', count => {
    for (const stage of [wide, phone, { width: 1920, height: 940 }, { width: 700, height: 300 }]) {
      for (const pieces of [people(count), [...people(count), screen]]) {
        const scene = arrange(pieces, { ...plain, layout }, stage, 8)
        const rects = [...scene.rects.entries()]
        for (const [key, rect] of rects) expect(inside(rect, stage), `${key} of ${count}`).toBe(true)
        const standing = rects.filter(([key]) => key !== scene.floating).map(([, rect]) => rect)
        for (const [i, a] of standing.entries())
          for (const b of standing.slice(i + 1)) expect(overlap(a, b)).toBe(false)
      }
    }
  })

  it('shows everybody once over its pages', () => {
    const pieces = people(40)
    const seen: string[] = []
    const { pages } = arrange(pieces, { ...plain, layout }, phone, 8)
    expect(pages).toBeGreaterThan(1)
    for (let page = 0; page < pages; page++) {
      const scene = arrange(pieces, { ...plain, layout, page }, phone, 8)
      seen.push(...[...scene.rects.keys()].filter(key => key !== scene.main))
    }
    const main = arrange(pieces, { ...plain, layout }, phone, 8).main
    expect(seen.toSorted()).toEqual(
      pieces
        .map(piece => piece.key)
        .filter(key => key !== main)
        .toSorted(),
    )
  })

  it('gives the last page for a page that is gone', () => {
    const scene = arrange(people(3), { ...plain, layout, page: 7 }, wide, 8)
    expect(scene.page).toBe(scene.pages - 1)
    expect(scene.rects.size).toBeGreaterThan(0)
  })
})

describe('auto', () => {
  it('lets two people face each other, oneself in the corner', () => {
    const scene = arrange(people(2), plain, wide, 8)
    expect(scene).toMatchObject({ main: 'camera:1', floating: 'camera:0' })
  })

  it('stacks two people on a phone', () => {
    const scene = arrange(people(2), plain, phone, 8)
    expect(scene.main).toBeUndefined()
    expect(scene.rects.get('camera:0')?.y).toBeLessThan(scene.rects.get('camera:1')?.y ?? 0)
  })

  it('makes a shared screen large, and the newest of several', () => {
    expect(arrange([...people(4), screen], plain, wide, 8).main).toBe('screen:1')
    const second = { ...screen, key: 'screen:2' }
    expect(arrange([...people(4), screen, second], plain, wide, 8).main).toBe('screen:2')
  })

  it('does not blow up what we share ourselves', () => {
    expect(arrange([...people(3), ownScreen], plain, wide, 8).main).toBeUndefined()
  })

  it('keeps a grid whoever speaks', () => {
    const quiet = arrange(people(5), plain, wide, 8)
    expect(arrange(people(5), { ...plain, speaker: 'camera:3' }, wide, 8)).toEqual(quiet)
  })

  it('follows the pin, and drops a pin on somebody who left', () => {
    expect(arrange([...people(4), screen], { ...plain, pinned: 'camera:2' }, wide, 8).main).toBe('camera:2')
    expect(arrange(people(4), { ...plain, pinned: 'camera:9' }, wide, 8).main).toBeUndefined()
  })
})

describe('speaker and sidebar', () => {
  it('show whoever speaks large, and else somebody other than oneself', () => {
    for (const layout of ['speaker', 'sidebar'] as const) {
      expect(arrange(people(4), { ...plain, layout, speaker: 'camera:3' }, wide, 8).main).toBe('camera:3')
      expect(arrange(people(4), { ...plain, layout }, wide, 8).main).toBe('camera:1')
    }
  })

  it('keep the order of the small tiles', () => {
    const scene = arrange(people(5), { ...plain, layout: 'sidebar', speaker: 'camera:2' }, wide, 8)
    const small = [...scene.rects].filter(([key]) => key !== scene.main)
    expect(small.map(([key]) => key)).toEqual(['camera:0', 'camera:1', 'camera:3', 'camera:4'])
    const tops = small.map(([, rect]) => rect.y)
    expect(tops).toEqual(tops.toSorted((a, b) => a - b))
  })

  it('are a single tile for a single person', () => {
    for (const layout of layouts) expect(arrange(people(1), { ...plain, layout }, wide, 8).rects.size).toBe(1)
  })

  it('survive an empty stage', () => {
    for (const layout of layouts) expect(arrange([], { ...plain, layout }, wide, 8).rects.size).toBe(0)
  })
})
