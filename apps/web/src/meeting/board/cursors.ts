/** Where somebody points, in the coordinates of the board. */
export interface Cursor {
  readonly x: number
  readonly y: number
  readonly laser: boolean
  readonly down: boolean
}

const farthest = 1e6

/** As others are sent it. */
export function writeCursor({ x, y, laser, down }: Cursor): string {
  return JSON.stringify([Math.round(x), Math.round(y), laser ? 1 : 0, down ? 1 : 0])
}

/** Undefined for what is none. */
export function readCursor(text: string): Cursor | undefined {
  try {
    const parts: unknown = JSON.parse(text)
    if (!Array.isArray(parts)) return undefined
    const [x, y, laser, down]: unknown[] = parts
    if (typeof x !== 'number' || typeof y !== 'number') return undefined
    if (Math.abs(x) > farthest || Math.abs(y) > farthest) return undefined
    return { x, y, laser: laser === 1, down: down === 1 }
  } catch {
    return undefined // Of another program, or of a newer one.
  }
}
