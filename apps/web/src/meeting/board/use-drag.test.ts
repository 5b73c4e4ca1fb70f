import { expect, it } from 'vitest'
import { keptInside } from './use-drag.ts'

const rect = (left: number, top: number, width: number, height: number) =>
  ({ left, top, right: left + width, bottom: top + height }) as DOMRectReadOnly

const outer = rect(0, 0, 1000, 800)
const box = rect(500, 400, 400, 300)
const still = { x: 0, y: 0 }

it.each([
  [
    { x: -100, y: 50 },
    { x: -100, y: 50 },
  ],
  [
    { x: -900, y: -900 },
    { x: -500, y: -400 },
  ],
  [
    { x: 900, y: 900 },
    { x: 100, y: 100 },
  ],
])('dragged by %j it moves by %j', (wanted, moved) => {
  expect(keptInside(wanted, still, box, outer)).toEqual(moved)
})

it('what has been moved before counts from where it began', () => {
  expect(keptInside({ x: 200, y: 0 }, { x: 60, y: 0 }, box, outer)).toEqual({ x: 160, y: 0 })
})

it('what is larger than its surroundings keeps to their beginning', () => {
  expect(keptInside({ x: 50, y: 50 }, still, rect(0, 0, 2000, 2000), outer)).toEqual({ x: 0, y: 0 })
})
