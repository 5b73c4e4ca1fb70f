import type { ImageName } from '../choice.ts'
import type { Size } from '../mask/smoothing.ts'

export type Pen = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D
type Drawing = (pen: Pen, size: Size) => void

/** The pictures that come with Parley: drawn, so that none has to be fetched, at any size. */
const drawings: Record<Exclude<ImageName, 'own'>, Drawing> = { dusk, waves, studio, shelves, meadow, night }

/** Draws one of them over the whole canvas. */
export function drawBackground(image: Exclude<ImageName, 'own'>, pen: Pen, size: Size): void {
  pen.save()
  drawings[image](pen, size)
  pen.restore()
}

function dusk(pen: Pen, { width, height }: Size): void {
  fill(pen, { width, height }, ['#2b2a55', '#8a4f7d', '#e9805f', '#f9c784'])
  pen.fillStyle = '#ffe3b0'
  circle(pen, width * 0.7, height * 0.62, height * 0.09)
  for (const [i, colour] of ['#5b3a63', '#42305a', '#2b244a'].entries()) {
    hills(
      pen,
      { width, height },
      { base: 0.66 + i * 0.1, rise: 0.09 - i * 0.015, waves: 1.4 + i * 0.8, shift: i * 2.1, colour },
    )
  }
}

function waves(pen: Pen, { width, height }: Size): void {
  fill(pen, { width, height }, ['#e8f6f4', '#bfe3df'])
  for (const [i, colour] of ['#9fd3ce', '#6fbcb5', '#3f9f98', '#1b7f79', '#0b5f5b'].entries()) {
    hills(pen, { width, height }, { base: 0.34 + i * 0.14, rise: 0.05, waves: 1.2 + i * 0.35, shift: i * 1.3, colour })
  }
}

function studio(pen: Pen, { width, height }: Size): void {
  fill(pen, { width, height }, ['#d9d5cd', '#bdb7ac'])
  const glow = pen.createRadialGradient(width * 0.35, height * 0.3, 0, width * 0.35, height * 0.3, width * 0.6)
  glow.addColorStop(0, 'rgb(255 250 240 / 0.9)')
  glow.addColorStop(1, 'rgb(255 250 240 / 0)')
  pen.fillStyle = glow
  pen.fillRect(0, 0, width, height)
  pen.fillStyle = '#a39c90'
  pen.fillRect(0, height * 0.83, width, height * 0.17)
  pen.fillStyle = 'rgb(0 0 0 / 0.08)'
  pen.fillRect(0, height * 0.83, width, height * 0.012)
}

function shelves(pen: Pen, { width, height }: Size): void {
  fill(pen, { width, height }, ['#efe6d8', '#e2d5c1'])
  const colours = ['#7d4f50', '#d1a47c', '#4f6d7a', '#c0d6df', '#8a9a5b', '#e8c07d', '#3d405b', '#b56576']
  const random = randomFrom(7)
  const board = height * 0.018
  for (const [row, top] of [0.26, 0.54, 0.82].entries()) {
    const y = height * top
    let x = width * (0.04 + 0.02 * row)
    while (x < width * 0.95) {
      const wide = width * (0.012 + random() * 0.022)
      const high = height * (0.11 + random() * 0.08)
      if (random() < 0.14) x += wide * 2
      pen.fillStyle = colours[Math.floor(random() * colours.length)] ?? '#7d4f50'
      pen.fillRect(x, y - high, wide, high)
      pen.fillStyle = 'rgb(255 255 255 / 0.25)'
      pen.fillRect(x + wide * 0.2, y - high * 0.85, wide * 0.6, high * 0.05)
      x += wide + width * 0.002
    }
    pen.fillStyle = '#9b7653'
    pen.fillRect(0, y, width, board)
    pen.fillStyle = 'rgb(60 40 20 / 0.18)'
    pen.fillRect(0, y + board, width, board * 0.6)
  }
}

function meadow(pen: Pen, { width, height }: Size): void {
  fill(pen, { width, height }, ['#7cc4ee', '#cbeaf7', '#f4fbf2'])
  pen.fillStyle = 'rgb(255 255 255 / 0.85)'
  for (const [x, y, r] of [
    [0.2, 0.2, 0.05],
    [0.25, 0.18, 0.07],
    [0.31, 0.21, 0.045],
    [0.74, 0.14, 0.045],
    [0.79, 0.12, 0.06],
    [0.84, 0.15, 0.04],
  ] as const) {
    circle(pen, width * x, height * y, height * r * 1.2)
  }
  for (const [i, colour] of ['#a8d08d', '#7fb069', '#5a9150'].entries()) {
    hills(
      pen,
      { width, height },
      { base: 0.64 + i * 0.12, rise: 0.06, waves: 0.9 + i * 0.5, shift: 1 + i * 1.7, colour },
    )
  }
}

function night(pen: Pen, { width, height }: Size): void {
  fill(pen, { width, height }, ['#0b1026', '#1b2350', '#3a3f78'])
  const random = randomFrom(42)
  for (let i = 0; i < 130; i++) {
    pen.fillStyle = `rgb(255 255 255 / ${0.35 + random() * 0.6})`
    circle(pen, random() * width, random() * height * 0.75, height * (0.0012 + random() * 0.0026))
  }
  pen.fillStyle = '#f3efdc'
  circle(pen, width * 0.2, height * 0.22, height * 0.075)
  pen.fillStyle = '#0f1531'
  circle(pen, width * 0.222, height * 0.205, height * 0.068)
  hills(pen, { width, height }, { base: 0.8, rise: 0.07, waves: 1.6, shift: 0.4, colour: '#141a3c' })
  hills(pen, { width, height }, { base: 0.9, rise: 0.05, waves: 2.3, shift: 2.4, colour: '#0a0e24' })
}

function fill(pen: Pen, { width, height }: Size, colours: readonly string[]): void {
  const gradient = pen.createLinearGradient(0, 0, 0, height)
  for (const [i, colour] of colours.entries()) gradient.addColorStop(i / (colours.length - 1), colour)
  pen.fillStyle = gradient
  pen.fillRect(0, 0, width, height)
}

interface Hills {
  /** Where their middle lies, and how far they rise, in heights of the picture. */
  readonly base: number
  readonly rise: number
  readonly waves: number
  readonly shift: number
  readonly colour: string
}

function hills(pen: Pen, { width, height }: Size, { base, rise, waves: count, shift, colour }: Hills): void {
  pen.fillStyle = colour
  pen.beginPath()
  pen.moveTo(0, height)
  const steps = 64
  for (let i = 0; i <= steps; i++) {
    const along = (i / steps) * Math.PI * 2 * count + shift
    pen.lineTo((i / steps) * width, height * (base - rise * (Math.sin(along) * 0.7 + Math.sin(along * 1.7) * 0.3)))
  }
  pen.lineTo(width, height)
  pen.fill()
}

function circle(pen: Pen, x: number, y: number, radius: number): void {
  pen.beginPath()
  pen.arc(x, y, radius, 0, Math.PI * 2)
  pen.fill()
}

/** The same numbers (0..1) every time, so that a picture is the same in its thumbnail (Park and Miller's generator). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 16_807) % 2_147_483_647
    return state / 2_147_483_647
  }
}
