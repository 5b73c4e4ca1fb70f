/** In which time an edge that stays where it is has settled, ms. Longer smears what moves; shorter flickers. */
const settleMs = 55

/** The share (0..1) that a new mask has beside what was before it, when so much time lies between the two. */
export function shareOfNew(elapsedMs: number): number {
  if (!(elapsedMs >= 0)) return 1
  return Math.min(1, Math.max(0.35, 1 - Math.exp(-elapsedMs / settleMs)))
}

/** A background picture's part that covers a frame of another shape: scale and offset of its texture coordinates, 0..1. */
export interface Cover {
  readonly scaleX: number
  readonly scaleY: number
  readonly x: number
  readonly y: number
}

/** Fills the frame with the picture, cut on two sides in equal parts, never stretched. */
export function cover(picture: Size, frame: Size): Cover {
  const wider = picture.width / picture.height / (frame.width / frame.height)
  const scaleX = wider > 1 ? 1 / wider : 1
  const scaleY = wider > 1 ? 1 : wider
  return { scaleX, scaleY, x: (1 - scaleX) / 2, y: (1 - scaleY) / 2 }
}

/** Pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}
