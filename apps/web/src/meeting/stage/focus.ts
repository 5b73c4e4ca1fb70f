import { centre, clamp, fitShape, isLandscape, type Rect, type Size } from './geometry.ts'

/** Where the small tiles stand beside the large one. */
export type StripSide = 'top' | 'right' | 'bottom'

interface Strip {
  readonly along: 'x' | 'y'
  readonly tile: Size
  /** How many tiles fit side by side. */
  readonly capacity: number
}

function strip(side: StripSide, stage: Size, gap: number): Strip {
  if (side === 'right') {
    const width = Math.round(clamp(stage.width * 0.2, 96, 260))
    const tile = { width, height: Math.round((width * 9) / 16) }
    return { along: 'y', tile, capacity: fitting(stage.height, tile.height, gap) }
  }
  const height = Math.round(
    isLandscape(stage) ? clamp(stage.height * 0.18, 72, 150) : clamp(stage.width * 0.27, 72, 150),
  )
  const tile = { width: Math.round(isLandscape(stage) ? (height * 16) / 9 : height), height }
  return { along: 'x', tile, capacity: fitting(stage.width, tile.width, gap) }
}

function fitting(length: number, each: number, gap: number): number {
  return Math.max(1, Math.floor((length + gap) / (each + gap)))
}

/** How many small tiles one page of the strip may show. */
export function stripCapacity(side: StripSide, stage: Size, gap: number): number {
  return strip(side, stage, gap).capacity
}

/**
 * One large tile and a strip of `count` small ones. `whole` gives the large one all the space that is left (for a
 * screen, which is shown uncropped); without it, the tile keeps to the shapes allowed for a camera.
 */
export function focus(
  count: number,
  side: StripSide,
  whole: boolean,
  stage: Size,
  gap: number,
): { readonly main: Rect; readonly strip: readonly Rect[] } {
  const { along, tile } = strip(side, stage, gap)
  const taken = count === 0 ? 0 : (along === 'y' ? tile.width : tile.height) + gap
  const area: Rect = {
    x: 0,
    y: side === 'top' ? taken : 0,
    width: Math.max(0, stage.width - (along === 'y' ? taken : 0)),
    height: Math.max(0, stage.height - (along === 'x' ? taken : 0)),
  }
  const each = along === 'y' ? tile.height : tile.width
  const length = count * each + gap * (count - 1)
  const start = Math.max(0, Math.floor(((along === 'y' ? stage.height : stage.width) - length) / 2))
  return {
    main: whole ? area : centre(fitShape(area, stage), area),
    strip: Array.from({ length: count }, (_, i) => {
      const at = start + i * (each + gap)
      if (along === 'y') return { x: stage.width - tile.width, y: at, ...tile }
      return { x: at, y: side === 'top' ? 0 : stage.height - tile.height, ...tile }
    }),
  }
}

/** A small tile in the lower corner of a large one: the self-view in a conversation of two. */
export function corner(main: Rect, margin: number): Rect {
  const width = Math.round(clamp(main.width * 0.2, 96, 240))
  const height = Math.round((width * 9) / 16)
  return { x: main.x + main.width - width - margin, y: main.y + main.height - height - margin, width, height }
}
