import { containBox, coverCrop, type Rect, type Size } from './geometry.ts'

/** A picture that moves or stands, in its own size. */
export interface Picture extends Size {
  readonly image: CanvasImageSource
  /** Uncropped, as a screen must be; a camera may be cropped. */
  readonly whole: boolean
}

/** What stands for somebody without a picture. */
export interface Look {
  readonly initials: string
  /** A CSS colour on which white can be read. */
  readonly colour: string
}

/** One person or screen in a drawn picture of the meeting. */
export interface PaintedTile {
  readonly frame: Rect
  readonly picture: Picture | undefined
  /** Undefined: nothing stands for the picture while there is none, as with a screen. */
  readonly look: Look | undefined
  readonly name: string
}

const ground = '#0f0e0d'
const tileGround = '#1f1d1b'
const fontFamily = 'system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** Paints tiles over a dark ground. Pictures are as others see them: never mirrored. Coordinates are those of the context. */
export class Painter {
  readonly #context: Context
  readonly #textPx: number
  /** Names as they fit, by name and width. */
  readonly #fitted = new Map<string, string>()

  /** @param textPx The height of names. */
  constructor(context: Context, textPx: number) {
    this.#context = context
    this.#textPx = textPx
  }

  paint(size: Size, tiles: readonly PaintedTile[]): void {
    this.#context.fillStyle = ground
    this.#context.fillRect(0, 0, size.width, size.height)
    for (const tile of tiles) this.#tile(tile)
  }

  #tile({ frame, picture, look, name }: PaintedTile): void {
    const context = this.#context
    context.save()
    context.beginPath()
    context.roundRect(frame.x, frame.y, frame.width, frame.height, 12)
    context.clip()
    context.fillStyle = tileGround
    context.fillRect(frame.x, frame.y, frame.width, frame.height)
    if (picture) this.#picture(picture, frame)
    else if (look) this.#look(look, frame)
    this.#name(name, frame)
    context.restore()
  }

  #picture({ image, whole, ...size }: Picture, frame: Rect): void {
    if (whole) {
      const box = containBox(size, frame)
      this.#context.drawImage(image, box.x, box.y, box.width, box.height)
    } else {
      const { x, y, width, height } = coverCrop(size, frame)
      this.#context.drawImage(image, x, y, width, height, frame.x, frame.y, frame.width, frame.height)
    }
  }

  #look({ initials, colour }: Look, frame: Rect): void {
    const context = this.#context
    const radius = Math.min(frame.width, frame.height) * 0.2
    const x = frame.x + frame.width / 2
    const y = frame.y + frame.height / 2
    context.fillStyle = colour
    context.beginPath()
    context.arc(x, y, radius, 0, 2 * Math.PI)
    context.fill()
    context.fillStyle = '#fff'
    context.font = `600 ${Math.round(radius * 0.7)}px ${fontFamily}`
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.fillText(initials, x, y)
  }

  #name(name: string, frame: Rect): void {
    const context = this.#context
    const text = this.#textPx
    const height = Math.round(text * 2.15)
    context.font = `500 ${text}px ${fontFamily}`
    context.textAlign = 'left'
    context.textBaseline = 'middle'
    const shown = this.#fit(name, frame.width - 2 * text - 16)
    if (shown === '') return
    const top = frame.y + frame.height - height - 8
    context.fillStyle = 'rgb(0 0 0 / 0.65)'
    context.beginPath()
    context.roundRect(frame.x + 8, top, context.measureText(shown).width + 16, height, 6)
    context.fill()
    context.fillStyle = '#fff'
    context.fillText(shown, frame.x + 16, top + height / 2 + 0.5)
  }

  /** The name, cut with “…” if it is too long. */
  #fit(name: string, width: number): string {
    const key = `${Math.round(width)} ${name}`
    const known = this.#fitted.get(key)
    if (known !== undefined) return known
    const letters = [...name]
    let shown = name
    while (letters.length > 0 && this.#context.measureText(shown).width > width) {
      letters.pop()
      shown = letters.length > 0 ? `${letters.join('')}…` : ''
    }
    if (this.#fitted.size > 500) this.#fitted.clear()
    this.#fitted.set(key, shown)
    return shown
  }
}
