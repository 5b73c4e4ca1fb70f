import type { StickerName } from '../choice.ts'
import type { FacePoints, Point } from '../face/points.ts'
import type { Size } from '../mask/smoothing.ts'

/** Where a sticker is drawn, in pixels of the frame, y downwards. */
export interface Placing {
  /** Its middle. */
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Clockwise, radians. */
  readonly angle: number
}

interface Rule {
  /** What it is centred on. */
  readonly on: (face: Face) => Point
  /** Its width, in widths of the face. */
  readonly width: number
  /** Its height, in widths of itself. */
  readonly height: number
  /** How far it lies above that point, in widths of the face. */
  readonly up: number
}

interface Face {
  readonly eyes: Point
  readonly nose: Point
  readonly lip: Point
  readonly forehead: Point
  readonly width: number
  readonly angle: number
}

/** One line per sticker, to be read with its drawing beside it. */
const rules: Record<StickerName, Rule> = {
  glasses: { on: face => face.eyes, width: 1.06, height: 0.4, up: 0 },
  shades: { on: face => face.eyes, width: 1.08, height: 0.4, up: -0.01 },
  moustache: { on: face => middle(face.nose, face.lip), width: 0.6, height: 0.36, up: -0.05 },
  cat: { on: face => face.eyes, width: 1.5, height: 1, up: 0.05 },
  rabbit: { on: face => face.forehead, width: 1.0, height: 1.1, up: 0.42 },
  party: { on: face => face.forehead, width: 0.7, height: 1.25, up: 0.36 },
  crown: { on: face => face.forehead, width: 0.95, height: 0.6, up: 0.2 },
}

/** Where a sticker is drawn on a face; it turns and grows with the head. */
export function place(sticker: StickerName, points: FacePoints, frame: Size): Placing {
  const face = faceOf(points, frame)
  const rule = rules[sticker]
  const on = rule.on(face)
  const up = rule.up * face.width
  const width = rule.width * face.width
  return {
    x: on.x + Math.sin(face.angle) * up,
    y: on.y - Math.cos(face.angle) * up,
    width,
    height: width * rule.height,
    angle: face.angle,
  }
}

/** The width of a face is taken from its eyes where it is turned away: its sides are closer together then. */
function faceOf(points: FacePoints, frame: Size): Face {
  const px = ({ x, y }: Point): Point => ({ x: x * frame.width, y: y * frame.height })
  const left = px(points.leftEye)
  const right = px(points.rightEye)
  const width = Math.max(distance(px(points.leftSide), px(points.rightSide)), distance(left, right) * 1.5)
  return {
    eyes: middle(left, right),
    nose: px(points.nose),
    lip: px(points.lip),
    forehead: px(points.forehead),
    width,
    angle: Math.atan2(right.y - left.y, right.x - left.x),
  }
}

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y)
