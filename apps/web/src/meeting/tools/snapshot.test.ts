import { describe, expect, it } from 'vitest'
import { containBox, coverCrop, fileName, snapshotScale } from './snapshot.ts'

it('names a snapshot by room and local time, so that files sort', () => {
  expect(fileName('calm-otter-42', new Date(2026, 0, 2, 3, 4, 5))).toBe('parley-calm-otter-42-2026-01-02-03-04-05.png')
})

const hd = { width: 1280, height: 720 }

describe('coverCrop', () => {
  it('cuts the sides of a wide picture in a square frame', () => {
    expect(coverCrop(hd, { width: 300, height: 300 })).toEqual({ x: 280, y: 0, width: 720, height: 720 })
  })

  it('takes all of a picture of the same shape', () => {
    expect(coverCrop(hd, { width: 640, height: 360 })).toEqual({ x: 0, y: 0, ...hd })
  })
})

describe('containBox', () => {
  it('puts bars above and below a wide picture', () => {
    expect(containBox(hd, { x: 10, y: 10, width: 640, height: 640 })).toEqual({
      x: 10,
      y: 150,
      width: 640,
      height: 360,
    })
  })
})

describe('snapshotScale', () => {
  it('keeps the sharpest picture sharp, within reason', () => {
    expect(snapshotScale([])).toBe(1)
    expect(snapshotScale([{ picture: hd, frame: { width: 640, height: 360 } }])).toBe(2)
    expect(snapshotScale([{ picture: hd, frame: { width: 64, height: 36 } }])).toBe(3)
    expect(snapshotScale([{ picture: hd, frame: { width: 2560, height: 1440 } }])).toBe(1)
    expect(snapshotScale([{ picture: hd, frame: { width: 0, height: 0 } }])).toBe(1)
  })
})
