import { corner, focus, type StripSide, stripCapacity } from './focus.ts'
import { isLandscape, type Rect, type Size } from './geometry.ts'
import { grid, gridCapacity } from './grid.ts'

export const layouts = ['auto', 'grid', 'speaker', 'sidebar'] as const
export type Layout = (typeof layouts)[number]

/** What the arrangement needs to know of a tile. */
export interface Piece {
  readonly key: string
  readonly kind: 'camera' | 'screen'
  readonly self: boolean
}

export interface Wish {
  readonly layout: Layout
  /** The key of the tile that was pinned. */
  readonly pinned: string | undefined
  /** The key of the current speaker's tile. */
  readonly speaker: string | undefined
  /** Counts from 0; a number that is too large means the last page. */
  readonly page: number
}

export interface Arrangement {
  /** Where each visible tile stands; tiles of other pages are absent. */
  readonly rects: ReadonlyMap<string, Rect>
  /** The large tile. */
  readonly main: string | undefined
  /** The tile that floats over another. */
  readonly floating: string | undefined
  readonly page: number
  readonly pages: number
  /** Where the middle of the page switch stands, if there is more than one page. */
  readonly pager: Pick<Rect, 'x' | 'y'>
}

/** How high the page switch is, with its margins. */
const pagerHeight = 60
const pagerWidth = 156

/** Places the tiles, given in their stable order, on the stage. Pure: the same input gives the same places. */
export function arrange(pieces: readonly Piece[], wish: Wish, stage: Size, gap: number): Arrangement {
  const layout = effectiveLayout(pieces, wish, stage)
  if (layout === 'grid') return gridOf(pieces, wish.page, stage, gap)
  const main = mainPiece(pieces, wish)
  if (!main) return gridOf(pieces, wish.page, stage, gap)
  const others = pieces.filter(piece => piece !== main)
  if (layout === 'pair') return pairOf(main, others[0], stage, gap)
  const side: StripSide = layout === 'speaker' ? 'top' : isLandscape(stage) ? 'right' : 'bottom'
  const page = cut(others, wish.page, stripCapacity(side, stage, gap))
  const places = focus(page.shown.length, side, main.kind === 'screen', stage, gap)
  return {
    rects: new Map([[main.key, places.main], ...keyed(page.shown, places.strip)]),
    main: main.key,
    floating: undefined,
    page: page.page,
    pages: page.pages,
    pager: {
      x: places.main.x + places.main.width - pagerWidth / 2,
      y: places.main.y + places.main.height - pagerHeight / 2,
    },
  }
}

/** `auto` becomes a large tile for a shared screen or a pinned tile, a pair for two people, otherwise a grid. */
function effectiveLayout(pieces: readonly Piece[], wish: Wish, stage: Size): Exclude<Layout, 'auto'> | 'pair' {
  if (pieces.length < 2) return 'grid'
  if (wish.layout !== 'auto') return wish.layout
  if (isPresent(pieces, wish.pinned) || pieces.some(isSharedToUs)) return 'sidebar'
  const pair = pieces.length === 2 && pieces.some(piece => piece.self) && pieces.some(piece => !piece.self)
  return pair && isLandscape(stage) ? 'pair' : 'grid'
}

function isSharedToUs(piece: Piece): boolean {
  return piece.kind === 'screen' && !piece.self
}

function isPresent(pieces: readonly Piece[], key: string | undefined): boolean {
  return key !== undefined && pieces.some(piece => piece.key === key)
}

function mainPiece(pieces: readonly Piece[], wish: Wish): Piece | undefined {
  return (
    pieces.find(piece => piece.key === wish.pinned) ??
    pieces.findLast(isSharedToUs) ??
    pieces.find(piece => piece.key === wish.speaker) ??
    pieces.find(piece => !piece.self) ??
    pieces[0]
  )
}

function gridOf(pieces: readonly Piece[], page: number, stage: Size, gap: number): Arrangement {
  const fits = pieces.length <= gridCapacity(stage, gap)
  const room = fits ? stage : { width: stage.width, height: Math.max(0, stage.height - pagerHeight) }
  const { shown, ...rest } = cut(pieces, page, gridCapacity(room, gap))
  return {
    rects: new Map(keyed(shown, grid(shown.length, room, gap))),
    main: undefined,
    floating: undefined,
    ...rest,
    pager: { x: stage.width / 2, y: stage.height - pagerHeight / 2 },
  }
}

function pairOf(main: Piece, other: Piece | undefined, stage: Size, gap: number): Arrangement {
  const large = focus(0, 'top', false, stage, gap).main
  const rects = new Map([[main.key, large]])
  if (other) rects.set(other.key, corner(large, 12))
  return { rects, main: main.key, floating: other?.key, page: 0, pages: 1, pager: { x: 0, y: 0 } }
}

function cut(pieces: readonly Piece[], wanted: number, capacity: number) {
  const pages = Math.max(1, Math.ceil(pieces.length / capacity))
  const page = Math.min(Math.max(0, wanted), pages - 1)
  return { shown: pieces.slice(page * capacity, (page + 1) * capacity), page, pages }
}

function keyed(pieces: readonly Piece[], rects: readonly Rect[]): [string, Rect][] {
  return pieces.flatMap((piece, i) => {
    const rect = rects[i]
    return rect ? [[piece.key, rect] as [string, Rect]] : []
  })
}
