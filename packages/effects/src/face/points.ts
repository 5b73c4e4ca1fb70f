export interface Point {
  readonly x: number
  readonly y: number
}

/** The points of a face that stickers hold on to, as shares (0..1) of the picture's width and height. */
export interface FacePoints {
  /** The outer corners of the eyes, the left one of the picture first. */
  readonly leftEye: Point
  readonly rightEye: Point
  /** The tip of the nose. */
  readonly nose: Point
  /** The middle of the upper lip. */
  readonly lip: Point
  readonly forehead: Point
  readonly chin: Point
  /** Where the face ends at the height of the ears. */
  readonly leftSide: Point
  readonly rightSide: Point
}

/** Where these points are in a face mesh of 468 points. */
export const meshIndex = {
  leftEye: 33,
  rightEye: 263,
  nose: 1,
  lip: 0,
  forehead: 10,
  chin: 152,
  leftSide: 234,
  rightSide: 454,
} as const satisfies Record<keyof FacePoints, number>

const names = Object.keys(meshIndex) as readonly (keyof FacePoints)[]

/** The points of a mesh that is given as shares of the picture; undefined if it lacks one of them. */
export function pointsOf(mesh: readonly (readonly (number | undefined)[])[]): FacePoints | undefined {
  const found = names.map(name => {
    const [x, y] = mesh[meshIndex[name]] ?? []
    return x !== undefined && y !== undefined && Number.isFinite(x) && Number.isFinite(y)
      ? ([name, { x, y }] as const)
      : undefined
  })
  if (found.some(point => point === undefined)) return undefined
  return Object.fromEntries(found.filter(point => point !== undefined)) as unknown as FacePoints
}

/** The points on their way to where they are now, so that what is worn does not tremble. */
export function follow(before: FacePoints | undefined, now: FacePoints, elapsedMs: number): FacePoints {
  if (!before) return now
  const share = 1 - Math.exp(-elapsedMs / 70)
  const moved = names.map(name => {
    const from = before[name]
    const to = now[name]
    return [name, { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }] as const
  })
  return Object.fromEntries(moved) as unknown as FacePoints
}
