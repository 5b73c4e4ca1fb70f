import { describe, expect, it } from 'vitest'
import { stickerNames } from '../choice.ts'
import { type FacePoints, follow, meshIndex, pointsOf } from '../face/points.ts'
import { place } from './placing.ts'

const frame = { width: 1280, height: 720 }

/** A face of 200 px across, its eyes at (640, 300), turned clockwise by an angle about them. */
function face(angle = 0): FacePoints {
  const at = (x: number, y: number) => ({
    x: (640 + x * Math.cos(angle) - y * Math.sin(angle)) / frame.width,
    y: (300 + x * Math.sin(angle) + y * Math.cos(angle)) / frame.height,
  })
  return {
    leftEye: at(-60, 0),
    rightEye: at(60, 0),
    nose: at(0, 50),
    lip: at(0, 80),
    forehead: at(0, -90),
    chin: at(0, 150),
    leftSide: at(-100, 10),
    rightSide: at(100, 10),
  }
}

describe('a sticker', () => {
  it('glasses sit on the eyes, as wide as the face', () => {
    const { x, y, width, angle } = place('glasses', face(), frame)
    expect(x).toBeCloseTo(640)
    expect(y).toBeCloseTo(300)
    expect(width).toBeCloseTo(212)
    expect(angle).toBeCloseTo(0)
  })

  it('a hat is above the forehead, a moustache between nose and lip', () => {
    for (const hat of ['crown', 'party', 'rabbit'] as const) {
      const { y, height } = place(hat, face(), frame)
      expect(y + height / 2).toBeGreaterThan(210 - 60)
      expect(y).toBeLessThan(210)
    }
    const { y } = place('moustache', face(), frame)
    expect(y).toBeGreaterThan(350)
    expect(y).toBeLessThan(382)
  })

  it.each(stickerNames)('%s turns with the head', sticker => {
    const upright = place(sticker, face(), frame)
    const angle = 0.4
    const turned = place(sticker, face(angle), frame)
    const [dx, dy] = [upright.x - 640, upright.y - 300]
    expect(turned.angle).toBeCloseTo(angle)
    expect(turned.width).toBeCloseTo(upright.width)
    expect(turned.x).toBeCloseTo(640 + dx * Math.cos(angle) - dy * Math.sin(angle))
    expect(turned.y).toBeCloseTo(300 + dx * Math.sin(angle) + dy * Math.cos(angle))
  })

  it('keeps its size on a face that is turned away, whose sides seem close together', () => {
    const away: FacePoints = { ...face(), leftSide: { x: 0.48, y: 0.42 }, rightSide: { x: 0.52, y: 0.42 } }
    expect(place('glasses', away, frame).width).toBeGreaterThan(150)
  })
})

describe('the points of a face', () => {
  it('are read from a mesh, and are none if the mesh is not whole', () => {
    const mesh = Array.from({ length: 468 }, (_, i) => [i / 1000, i / 2000, 0])
    expect(pointsOf(mesh)?.chin).toEqual({ x: meshIndex.chin / 1000, y: meshIndex.chin / 2000 })
    expect(pointsOf(mesh.slice(0, 300))).toBeUndefined()
    expect(pointsOf([])).toBeUndefined()
  })

  it('move to where they are now, in a moment', () => {
    const before = face()
    const now = { ...before, nose: { x: 0.9, y: 0.9 } }
    expect(follow(undefined, now, 0)).toBe(now)
    const soon = follow(before, now, 40)
    expect(soon.nose.x).toBeGreaterThan(before.nose.x)
    expect(soon.nose.x).toBeLessThan(0.9)
    expect(follow(before, now, 1000).nose.x).toBeCloseTo(0.9, 3)
  })
})
