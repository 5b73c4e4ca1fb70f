/** What the composed picture is painted with, for other drawn pictures of a meeting; light, without the recorder. */
export { fileName } from './file-name.ts'
export type { Rect, Size } from './picture/geometry.ts'
export { type PaintedTile, Painter } from './picture/painter.ts'
