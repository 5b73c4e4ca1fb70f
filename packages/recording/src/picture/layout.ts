import type { Rect, Size } from './geometry.ts'

/** What the layout needs to know of a tile. */
export interface Piece {
  /** The same for the same person or screen as long as the recording lasts. */
  readonly key: string
  readonly kind: 'camera' | 'screen'
  /** Whether there is a picture; without one, the name stands for the person. */
  readonly picture: boolean
}

export interface Wish {
  /** The keys of those who spoke last, the latest first. */
  readonly speakers: readonly string[]
  readonly layout: 'grid' | 'speaker'
}

const gap = 8
/** More faces than this cannot be told apart at 1280 × 720. */
const mostInGrid = 25
const mostInStrip = 6
/** Which part of the width the strip beside a large tile takes. */
const stripShare = 0.2

/**
 * Where each tile stands in the composed picture: a shared screen, or in the speaker layout whoever spoke last, is large, with others
 * in a strip beside it; else a grid. If there are too many, those with a picture and those who spoke last are shown. Pure.
 * @param pieces In the order in which they shall stand.
 */
export function layOut(pieces: readonly Piece[], { speakers, layout }: Wish, size: Size): ReadonlyMap<string, Rect> {
  const large = largePiece(pieces, speakers, layout)
  if (!large || pieces.length === 1) {
    const shown = foremost(pieces, speakers, mostInGrid)
    return new Map(zip(shown, gridOf(shown.length, { x: 0, y: 0, ...size })))
  }
  const beside = foremost(
    pieces.filter(piece => piece !== large),
    speakers,
    mostInStrip,
  )
  const stripWidth = Math.round(size.width * stripShare)
  const main = { x: 0, y: 0, width: size.width - stripWidth - gap, height: size.height }
  const strip = { x: size.width - stripWidth, y: 0, width: stripWidth, height: size.height }
  return new Map([[large.key, main] as const, ...zip(beside, columnOf(beside.length, strip))])
}

function largePiece(pieces: readonly Piece[], speakers: readonly string[], layout: Wish['layout']): Piece | undefined {
  const screen = pieces.findLast(({ kind, picture }) => kind === 'screen' && picture)
  if (screen || layout === 'grid') return screen
  const speaking = speakers.map(key => pieces.find(piece => piece.key === key)).find(piece => piece !== undefined)
  return speaking ?? pieces[0]
}

/** At most so many, in their order: first who has a picture or spoke lately is kept, then the others. */
function foremost(pieces: readonly Piece[], speakers: readonly string[], most: number): readonly Piece[] {
  if (pieces.length <= most) return pieces
  const lately = speakers.slice(0, Math.ceil(most / 2))
  const rank = ({ key, picture }: Piece) => (lately.includes(key) ? 0 : picture ? 1 : 2)
  const kept = new Set(
    pieces
      .map((piece, index) => ({ piece, index }))
      .sort((a, b) => rank(a.piece) - rank(b.piece) || a.index - b.index)
      .slice(0, most)
      .map(({ piece }) => piece),
  )
  return pieces.filter(piece => kept.has(piece))
}

/** Equal tiles, between square and 16:9, as large as they can be; a last row that is not full is centred. */
function gridOf(count: number, area: Rect): readonly Rect[] {
  let best = { columns: 1, width: 0, height: 0 }
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const cell = { width: share(area.width, columns), height: share(area.height, rows) }
    const width = Math.floor(Math.min(cell.width, (cell.height * 16) / 9))
    const height = Math.floor(Math.min(cell.height, width))
    if (width * height > best.width * best.height) best = { columns, width, height }
  }
  const { columns, width, height } = best
  const rows = Math.ceil(count / columns)
  const top = area.y + Math.floor((area.height - rows * height - (rows - 1) * gap) / 2)
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns)
    const inRow = Math.min(columns, count - row * columns)
    const left = area.x + Math.floor((area.width - inRow * width - (inRow - 1) * gap) / 2)
    return { x: left + (index % columns) * (width + gap), y: top + row * (height + gap), width, height }
  })
}

/** Tiles below each other, of 16:9 at most, centred. */
function columnOf(count: number, area: Rect): readonly Rect[] {
  const height = Math.floor(Math.min((area.width * 9) / 16, share(area.height, count)))
  const top = area.y + Math.floor((area.height - count * height - (count - 1) * gap) / 2)
  return Array.from({ length: count }, (_, index) => ({
    x: area.x,
    y: top + index * (height + gap),
    width: area.width,
    height,
  }))
}

function share(length: number, parts: number): number {
  return (length - gap * (parts - 1)) / parts
}

function zip(pieces: readonly Piece[], rects: readonly Rect[]): (readonly [string, Rect])[] {
  return pieces.flatMap(({ key }, index) => {
    const rect = rects[index]
    return rect ? [[key, rect] as const] : []
  })
}
