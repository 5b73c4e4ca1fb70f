import { expect, test } from 'vitest'
import { containBox, coverCrop } from './geometry.ts'

const hd = { width: 1280, height: 720 }

test('a wide picture that covers a square loses its sides; one of the same shape loses nothing', () => {
  expect(coverCrop(hd, { width: 300, height: 300 })).toEqual({ x: 280, y: 0, width: 720, height: 720 })
  expect(coverCrop(hd, { width: 640, height: 360 })).toEqual({ x: 0, y: 0, ...hd })
})

test('a whole wide picture in a square has bars above and below', () => {
  expect(containBox(hd, { x: 10, y: 10, width: 640, height: 640 })).toEqual({ x: 10, y: 150, width: 640, height: 360 })
})
