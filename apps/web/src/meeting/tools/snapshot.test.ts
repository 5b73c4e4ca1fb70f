import { expect, it } from 'vitest'
import { snapshotScale } from './snapshot.ts'

const hd = { width: 1280, height: 720 }

it('keeps the sharpest picture sharp, within reason', () => {
  const scaleOf = (width: number, height: number) =>
    snapshotScale([
      { picture: hd, frame: { x: 0, y: 0, width, height } },
      { picture: undefined, frame: { x: 0, y: 0, ...hd } },
    ])
  expect(snapshotScale([])).toBe(1)
  expect(scaleOf(640, 360)).toBe(2)
  expect(scaleOf(64, 36)).toBe(3)
  expect(scaleOf(2560, 1440)).toBe(1)
  expect(scaleOf(0, 0)).toBe(1)
})
