import type { Pen } from '../backgrounds/draw.ts'
import type { StickerName } from '../choice.ts'
import { type ColourMatrix, recolour } from '../colour/matrix.ts'
import type { FacePoints } from '../face/points.ts'
import type { Size } from '../mask/smoothing.ts'
import { drawSticker } from './draw.ts'
import { place } from './placing.ts'

/** Where the points of the drawn face are, from its middle, in widths of the face. */
const offsets: Record<keyof FacePoints, readonly [number, number]> = {
  leftEye: [-0.33, -0.12],
  rightEye: [0.33, -0.12],
  nose: [0, 0.13],
  lip: [0, 0.27],
  forehead: [0, -0.58],
  chin: [0, 0.62],
  leftSide: [-0.5, -0.02],
  rightSide: [0.5, -0.02],
}

/** Draws a simple person, for the small pictures by which effects are chosen; with a sticker on, if one is given. */
export function drawSample(pen: Pen, size: Size, sticker?: StickerName): void {
  const { width, height } = size
  const face = height * 0.38
  const middle = { x: width / 2, y: height * 0.63 }
  pen.save()
  pen.fillStyle = '#47717c'
  ellipse(pen, middle.x, middle.y + face * 1.25, face * 1.05, face * 0.62)
  pen.fillStyle = '#4a2f24'
  ellipse(pen, middle.x, middle.y - face * 0.13, face * 0.56, face * 0.62)
  pen.fillStyle = '#e3ab86'
  ellipse(pen, middle.x, middle.y, face * 0.5, face * 0.6)
  pen.fillStyle = '#2c211c'
  for (const x of [-0.19, 0.19]) ellipse(pen, middle.x + x * face, middle.y - face * 0.12, face * 0.05, face * 0.05)
  pen.strokeStyle = '#9c4d45'
  pen.lineWidth = face * 0.05
  pen.lineCap = 'round'
  pen.beginPath()
  pen.arc(middle.x, middle.y + face * 0.18, face * 0.19, 0.25, Math.PI - 0.25)
  pen.stroke()
  pen.restore()
  if (sticker) wear(pen, size, sticker, middle, face)
}

function wear(pen: Pen, size: Size, sticker: StickerName, middle: { x: number; y: number }, face: number): void {
  const points = Object.fromEntries(
    Object.entries(offsets).map(([name, [x, y]]) => [
      name,
      { x: (middle.x + x * face) / size.width, y: (middle.y + y * face) / size.height },
    ]),
  ) as unknown as FacePoints
  const { x, y, width, height, angle } = place(sticker, points, size)
  pen.save()
  pen.translate(x, y)
  pen.rotate(angle)
  pen.translate(-width / 2, -height / 2)
  drawSticker(sticker, pen, width)
  pen.restore()
}

/** Passes everything that was drawn through a colour matrix. */
export function recolourCanvas(pen: Pen, { width, height }: Size, matrix: ColourMatrix): void {
  const picture = pen.getImageData(0, 0, width, height)
  const { data } = picture
  for (let i = 0; i + 3 < data.length; i += 4) {
    const [r = 0, g = 0, b = 0] = recolour(matrix, [
      (data[i] ?? 0) / 255,
      (data[i + 1] ?? 0) / 255,
      (data[i + 2] ?? 0) / 255,
    ])
    data[i] = r * 255
    data[i + 1] = g * 255
    data[i + 2] = b * 255
  }
  pen.putImageData(picture, 0, 0)
}

function ellipse(pen: Pen, x: number, y: number, across: number, down: number): void {
  pen.beginPath()
  pen.ellipse(x, y, across, down, 0, 0, Math.PI * 2)
  pen.fill()
}
