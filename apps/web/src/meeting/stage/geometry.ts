export interface Size {
  readonly width: number
  readonly height: number
}

export interface Rect extends Size {
  readonly x: number
  readonly y: number
}

/** The shapes (width / height) a camera may be cropped to. A portrait stage means a phone, and so a portrait camera. */
export function shapes(stage: Size): { readonly narrowest: number; readonly widest: number } {
  return { narrowest: isLandscape(stage) ? 1 : 9 / 16, widest: 16 / 9 }
}

export const nowhere: Rect = { x: 0, y: 0, width: 0, height: 0 }

/** The largest allowed shape inside a cell of the stage, in whole pixels. */
export function fitShape(cell: Size, stage: Size): Size {
  const { narrowest, widest } = shapes(stage)
  const width = Math.min(cell.width, cell.height * widest)
  const height = Math.min(cell.height, cell.width / narrowest)
  return { width: Math.max(0, Math.floor(width)), height: Math.max(0, Math.floor(height)) }
}

export function centre(inner: Size, outer: Rect): Rect {
  return {
    x: Math.round(outer.x + (outer.width - inner.width) / 2),
    y: Math.round(outer.y + (outer.height - inner.height) / 2),
    width: inner.width,
    height: inner.height,
  }
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}

export function isLandscape(size: Size): boolean {
  return size.width > size.height
}
