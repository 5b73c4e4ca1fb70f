import { describe, expect, it } from 'vitest'
import type { Rect } from './geometry.ts'
import { layOut, type Piece } from './layout.ts'

const size = { width: 1280, height: 720 }
const quiet = { speakers: [], layout: 'grid' } as const

const people = (count: number, picture = true): Piece[] =>
  Array.from({ length: count }, (_, index) => ({ key: `${index}`, kind: 'camera' as const, picture }))
const screen: Piece = { key: 'screen', kind: 'screen', picture: true }

const overlaps = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

describe.each(['grid', 'speaker'] as const)('the %s layout', layout => {
  it.each([1, 2, 3, 4, 5, 7, 12, 25, 60])('keeps %i people and a screen inside, none over another', count => {
    for (const pieces of [people(count), [...people(count), screen]]) {
      const rects = [...layOut(pieces, { speakers: ['1'], layout }, size).values()]
      for (const { x, y, width, height } of rects) {
        expect(x >= 0 && y >= 0 && x + width <= size.width && y + height <= size.height).toBe(true)
        expect(width > 0 && height > 0).toBe(true)
      }
      for (const [index, rect] of rects.entries())
        for (const other of rects.slice(index + 1)) expect(overlaps(rect, other)).toBe(false)
    }
  })
})

it('gives one person the whole picture, and two each a half', () => {
  expect(layOut(people(1), quiet, size).get('0')).toEqual({ x: 0, y: 0, ...size })
  const two = layOut(people(2), quiet, size)
  expect(two.get('0')).toMatchObject({ width: 636 })
  expect(two.get('0')?.y).toBe(two.get('1')?.y)
})

it('makes a shared screen large, the newest of several, and a screen that has not come yet not', () => {
  const areaOf = (rects: ReadonlyMap<string, Rect>, key: string) => {
    const { width, height } = rects.get(key) ?? { width: 0, height: 0 }
    return width * height
  }
  const shared = layOut([...people(3), screen, { ...screen, key: 'newer' }], quiet, size)
  expect(areaOf(shared, 'newer')).toBeGreaterThan((size.width * size.height) / 2)
  expect(areaOf(shared, 'screen')).toBeLessThan((size.width * size.height) / 10)
  const awaited = layOut([...people(1), { ...screen, picture: false }], quiet, size)
  expect(areaOf(awaited, 'screen')).toBe(areaOf(awaited, '0'))
})

it('makes whoever spoke last large where that is wished, and keeps them while nobody speaks', () => {
  const speaker = layOut(people(4), { speakers: ['gone', '2', '1'], layout: 'speaker' }, size)
  expect(speaker.get('2')?.width).toBe(1016)
  expect(layOut(people(4), { speakers: [], layout: 'speaker' }, size).get('0')?.width).toBe(1016)
  expect(layOut(people(4), { speakers: ['2'], layout: 'grid' }, size)).toEqual(layOut(people(4), quiet, size))
})

it('shows, of too many, those with pictures and those who spoke last, each in their place', () => {
  const crowd = [...people(30, false), { key: 'seen', kind: 'camera', picture: true } as const]
  const shown = [...layOut(crowd, { speakers: ['29'], layout: 'grid' }, size).keys()]
  expect(shown).toHaveLength(25)
  expect(shown.slice(-3)).toEqual(['22', '29', 'seen'])
})

it('shows nothing of nobody', () => {
  expect(layOut([], quiet, size).size).toBe(0)
})
