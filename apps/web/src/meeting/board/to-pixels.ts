import type { Picture } from './pictures.ts'

/** The longer side of a drawing that is made a picture of, pixels. */
const side = 1440

/** A drawing (SVG) as a picture of pixels, with the same id. Rejects if the browser cannot show it. */
export async function toPixels({ id, dataURL }: Picture): Promise<Picture> {
  const image = new Image()
  image.src = dataURL
  await image.decode()
  const scale = side / Math.max(image.naturalWidth, image.naturalHeight, 1)
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale))
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale))
  const context = canvas.getContext('2d')
  if (!context) throw new Error('There is no canvas to draw on.')
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return { id, mimeType: 'image/png', dataURL: canvas.toDataURL('image/png') }
}
