import type { Pen } from '../backgrounds/draw.ts'
import type { StickerName } from '../choice.ts'

/** Drawn in a box of 1 by its height, the middle of the face's side below; see the table of places beside it. */
interface Sticker {
  /** Its height, in widths. */
  readonly height: number
  readonly draw: (pen: Pen) => void
}

const stickers: Record<StickerName, Sticker> = {
  glasses: { height: 0.4, draw: glasses },
  shades: { height: 0.4, draw: shades },
  moustache: { height: 0.36, draw: moustache },
  cat: { height: 1, draw: cat },
  rabbit: { height: 1.1, draw: rabbit },
  party: { height: 1.25, draw: party },
  crown: { height: 0.6, draw: crown },
}

/** Draws a sticker so that it fits a canvas of that width; what is around it stays transparent. */
export function drawSticker(name: StickerName, pen: Pen, width: number): void {
  pen.save()
  pen.scale(width, width)
  pen.lineJoin = 'round'
  pen.lineCap = 'round'
  stickers[name].draw(pen)
  pen.restore()
}

/** The height of a sticker's drawing, in widths. */
export const heightOf = (name: StickerName): number => stickers[name].height

function glasses(pen: Pen): void {
  pen.strokeStyle = '#2b2320'
  pen.lineWidth = 0.028
  pen.fillStyle = 'rgb(255 255 255 / 0.14)'
  for (const x of [0.28, 0.72]) {
    pen.beginPath()
    pen.ellipse(x, 0.2, 0.165, 0.15, 0, 0, Math.PI * 2)
    pen.fill()
    pen.stroke()
  }
  line(pen, [0.445, 0.18], [0.5, 0.15], [0.555, 0.18])
  line(pen, [0.115, 0.17], [0.06, 0.15], [0.015, 0.16])
  line(pen, [0.885, 0.17], [0.94, 0.15], [0.985, 0.16])
}

function shades(pen: Pen): void {
  const glass = pen.createLinearGradient(0, 0.05, 0, 0.36)
  glass.addColorStop(0, '#0d0d10')
  glass.addColorStop(1, '#3a3f55')
  for (const side of [1, -1]) {
    pen.save()
    if (side < 0) {
      pen.translate(1, 0)
      pen.scale(-1, 1)
    }
    pen.fillStyle = glass
    pen.beginPath()
    pen.moveTo(0.08, 0.08)
    pen.lineTo(0.46, 0.09)
    pen.quadraticCurveTo(0.47, 0.36, 0.29, 0.37)
    pen.quadraticCurveTo(0.1, 0.36, 0.08, 0.08)
    pen.fill()
    pen.fillStyle = 'rgb(255 255 255 / 0.22)'
    pen.beginPath()
    pen.moveTo(0.15, 0.12)
    pen.lineTo(0.25, 0.12)
    pen.lineTo(0.19, 0.27)
    pen.quadraticCurveTo(0.15, 0.21, 0.15, 0.12)
    pen.fill()
    pen.restore()
  }
  pen.strokeStyle = '#0d0d10'
  pen.lineWidth = 0.045
  line(pen, [0.02, 0.09], [0.5, 0.075], [0.98, 0.09])
}

function moustache(pen: Pen): void {
  pen.fillStyle = '#3b2417'
  pen.beginPath()
  pen.moveTo(0.5, 0.11)
  pen.bezierCurveTo(0.6, 0.02, 0.74, 0.08, 0.8, 0.2)
  pen.bezierCurveTo(0.84, 0.27, 0.92, 0.25, 0.98, 0.12)
  pen.bezierCurveTo(1, 0.3, 0.84, 0.38, 0.7, 0.33)
  pen.bezierCurveTo(0.6, 0.3, 0.54, 0.24, 0.5, 0.2)
  pen.bezierCurveTo(0.46, 0.24, 0.4, 0.3, 0.3, 0.33)
  pen.bezierCurveTo(0.16, 0.38, 0, 0.3, 0.02, 0.12)
  pen.bezierCurveTo(0.08, 0.25, 0.16, 0.27, 0.2, 0.2)
  pen.bezierCurveTo(0.26, 0.08, 0.4, 0.02, 0.5, 0.11)
  pen.fill()
}

/** The eyes are at (0.33, 0.55) and (0.67, 0.55). */
function cat(pen: Pen): void {
  for (const side of [1, -1]) {
    pen.save()
    if (side < 0) {
      pen.translate(1, 0)
      pen.scale(-1, 1)
    }
    ear(pen, '#4a4440', [0.14, 0.3], [0.13, 0.01], [0.39, 0.17])
    ear(pen, '#f0a6b0', [0.18, 0.25], [0.17, 0.08], [0.32, 0.18])
    pen.strokeStyle = 'rgb(40 34 30 / 0.85)'
    pen.lineWidth = 0.009
    line(pen, [0.36, 0.79], [0.26, 0.765], [0.14, 0.755])
    line(pen, [0.36, 0.815], [0.26, 0.815], [0.13, 0.825])
    line(pen, [0.36, 0.84], [0.27, 0.865], [0.15, 0.9])
    pen.restore()
  }
  pen.fillStyle = '#e77f8d'
  pen.beginPath()
  pen.moveTo(0.455, 0.755)
  pen.quadraticCurveTo(0.5, 0.735, 0.545, 0.755)
  pen.quadraticCurveTo(0.53, 0.8, 0.5, 0.815)
  pen.quadraticCurveTo(0.47, 0.8, 0.455, 0.755)
  pen.fill()
}

function rabbit(pen: Pen): void {
  for (const [x, lean] of [
    [0.3, -0.16],
    [0.7, 0.16],
  ] as const) {
    for (const [colour, wide, high] of [
      ['#f6f1ec', 0.15, 0.52],
      ['#f4b6c0', 0.075, 0.4],
    ] as const) {
      pen.fillStyle = colour
      pen.beginPath()
      pen.ellipse(x, 0.56, wide, high, lean, 0, Math.PI * 2)
      pen.fill()
    }
  }
}

function party(pen: Pen): void {
  pen.save()
  pen.beginPath()
  pen.moveTo(0.5, 0.12)
  pen.lineTo(0.95, 1.15)
  pen.quadraticCurveTo(0.5, 1.28, 0.05, 1.15)
  pen.closePath()
  pen.fillStyle = '#1f9e97'
  pen.fill()
  pen.clip()
  pen.lineWidth = 0.1
  for (const [i, colour] of ['#ffd166', '#ef476f', '#ffd166', '#ef476f'].entries()) {
    pen.strokeStyle = colour
    line(pen, [0, 0.52 + i * 0.26], [0.5, 0.42 + i * 0.26], [1, 0.28 + i * 0.26])
  }
  pen.restore()
  pen.fillStyle = '#ffd166'
  for (let i = 0; i < 10; i++) {
    const turn = (i / 10) * Math.PI * 2
    pen.beginPath()
    pen.arc(0.5 + Math.cos(turn) * 0.055, 0.12 + Math.sin(turn) * 0.055, 0.055, 0, Math.PI * 2)
    pen.fill()
  }
}

function crown(pen: Pen): void {
  const gold = pen.createLinearGradient(0, 0, 0, 0.6)
  gold.addColorStop(0, '#ffe08a')
  gold.addColorStop(1, '#d99a1c')
  pen.fillStyle = gold
  pen.strokeStyle = '#a86f0c'
  pen.lineWidth = 0.016
  pen.beginPath()
  pen.moveTo(0.06, 0.56)
  for (const [x, y] of [
    [0.02, 0.16],
    [0.24, 0.34],
    [0.5, 0.06],
    [0.76, 0.34],
    [0.98, 0.16],
    [0.94, 0.56],
  ] as const) {
    pen.lineTo(x, y)
  }
  pen.closePath()
  pen.fill()
  pen.stroke()
  for (const [x, y, colour] of [
    [0.25, 0.46, '#c8324b'],
    [0.5, 0.44, '#1f7fb8'],
    [0.75, 0.46, '#c8324b'],
  ] as const) {
    pen.fillStyle = colour
    pen.beginPath()
    pen.arc(x, y, 0.042, 0, Math.PI * 2)
    pen.fill()
  }
}

type Place = readonly [number, number]

/** A curve from the first to the last, drawn towards the middle one. */
function line(pen: Pen, from: Place, by: Place, to: Place): void {
  pen.beginPath()
  pen.moveTo(...from)
  pen.quadraticCurveTo(...by, ...to)
  pen.stroke()
}

function ear(pen: Pen, colour: string, ...[a, b, c]: readonly [Place, Place, Place]): void {
  pen.fillStyle = colour
  pen.beginPath()
  pen.moveTo(...a)
  pen.quadraticCurveTo(a[0] - 0.02, b[1] + 0.08, ...b)
  pen.quadraticCurveTo(b[0] + 0.16, b[1] + 0.02, ...c)
  pen.fill()
}
