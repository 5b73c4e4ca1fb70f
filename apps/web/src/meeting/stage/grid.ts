import { fitShape, isLandscape, nowhere, type Rect, type Size } from './geometry.ts'

/** In a smaller tile faces are unrecognisable and the buttons do not fit, so the rest goes to the next page. */
const smallest: Size = { width: 132, height: 99 }
const mostOnAPage = 49

/** How many tiles one page of the grid may show. At least one. */
export function gridCapacity(stage: Size, gap: number): number {
  const columns = Math.floor((stage.width + gap) / (smallest.width + gap))
  const rows = Math.floor((stage.height + gap) / (smallest.height + gap))
  return Math.min(mostOnAPage, Math.max(1, columns) * Math.max(1, rows))
}

/** At least two columns from three people on, so that a phone held upright does not show a single thin column. */
export function fewestColumns(count: number, stage: Size): number {
  return count >= 3 && !isLandscape(stage) ? 2 : 1
}

/**
 * Equal tiles for `count` people in reading order, as large as the stage allows. Picks the number of columns that gives
 * the most area; an unfilled last row is centred.
 */
export function grid(count: number, stage: Size, gap: number): Rect[] {
  let best = { columns: 1, tile: { width: 0, height: 0 } as Size }
  for (let columns = fewestColumns(count, stage); columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const tile = fitShape(
      {
        width: (stage.width - gap * (columns - 1)) / columns,
        height: (stage.height - gap * (rows - 1)) / rows,
      },
      stage,
    )
    if (tile.width * tile.height > best.tile.width * best.tile.height) best = { columns, tile }
  }
  const { columns, tile } = best
  if (tile.width === 0) return Array.from({ length: count }, () => nowhere)
  const rows = Math.ceil(count / columns)
  const top = Math.floor((stage.height - rows * tile.height - gap * (rows - 1)) / 2)
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / columns)
    const inRow = Math.min(columns, count - row * columns)
    const left = Math.floor((stage.width - inRow * tile.width - gap * (inRow - 1)) / 2)
    return { x: left + (i % columns) * (tile.width + gap), y: top + row * (tile.height + gap), ...tile }
  })
}
