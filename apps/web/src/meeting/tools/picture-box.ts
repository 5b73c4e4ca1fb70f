import type { Rect, Size } from '../stage/geometry.ts'

/** The part of a picture that `object-fit: cover` shows in a frame. */
export function coverCrop(picture: Size, frame: Size): Rect {
  const scale = Math.max(frame.width / picture.width, frame.height / picture.height)
  const width = frame.width / scale
  const height = frame.height / scale
  return { x: (picture.width - width) / 2, y: (picture.height - height) / 2, width, height }
}

/** Where `object-fit: contain` puts a whole picture inside a frame. */
export function containBox(picture: Size, frame: Rect): Rect {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height)
  const width = picture.width * scale
  const height = picture.height * scale
  return { x: frame.x + (frame.width - width) / 2, y: frame.y + (frame.height - height) / 2, width, height }
}

/** How much larger than on the page a snapshot is drawn, so that the sharpest picture on it stays sharp; 1 to 3. */
export function snapshotScale(pictures: readonly { readonly picture: Size; readonly frame: Size }[]): number {
  const wanted = pictures.map(({ picture, frame }) =>
    Math.min(picture.width / frame.width, picture.height / frame.height),
  )
  return Math.min(3, Math.max(1, ...wanted.filter(Number.isFinite)))
}
