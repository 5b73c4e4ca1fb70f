/** In pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

export interface Rect extends Size {
  readonly x: number
  readonly y: number
}

/** The part of a picture that is seen when it covers a frame, as `object-fit: cover` does. */
export function coverCrop(picture: Size, frame: Size): Rect {
  const scale = Math.max(frame.width / picture.width, frame.height / picture.height)
  const width = frame.width / scale
  const height = frame.height / scale
  return { x: (picture.width - width) / 2, y: (picture.height - height) / 2, width, height }
}

/** Where a whole picture stands inside a frame, as `object-fit: contain` puts it. */
export function containBox(picture: Size, frame: Rect): Rect {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height)
  const width = picture.width * scale
  const height = picture.height * scale
  return { x: frame.x + (frame.width - width) / 2, y: frame.y + (frame.height - height) / 2, width, height }
}
