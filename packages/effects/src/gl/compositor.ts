import type { EffectsChoice, ImageName, StickerName, Strength } from '../choice.ts'
import { filters } from '../colour/filters.ts'
import { asItIs, easeLight, type Light, lightFor, meanBrightness } from '../colour/light.ts'
import { cover, type Size, shareOfNew } from '../mask/smoothing.ts'
import type { Placing } from '../stickers/placing.ts'
import { Program } from './program.ts'
import * as shaders from './shaders.ts'
import { newTexture, Surface } from './surface.ts'

/** What WebGL takes as a picture. */
export type Picture = VideoFrame | HTMLVideoElement | ImageBitmap | OffscreenCanvas | HTMLCanvasElement

/** What is drawn for one frame. */
export interface Scene {
  readonly frame: Picture
  /** Of the frame. */
  readonly size: Size
  readonly choice: EffectsChoice
  readonly sticker: Placing | undefined
  /** The widest picture to draw, px. */
  readonly maxWidth: number
  /** ms. */
  readonly now: number
}

/** How a background is blurred: by how high a copy it is made, and how often that is blurred. The same look at every size. */
const blurs = { light: { height: 180, times: 1 }, strong: { height: 108, times: 3 } } as const
const smoothing = { none: 0, light: 0.55, strong: 0.95 } as const
const measureEveryMs = 700
const probe = 16

/**
 * Draws the picture with everything that is done to it, on a canvas of its own.
 * @throws {NoWebGl} From the constructor, where the browser has no WebGL 2.
 */
export class Compositor {
  readonly canvas: OffscreenCanvas
  readonly #gl: WebGL2RenderingContext
  readonly #mask: Program
  readonly #surroundings: Program
  readonly #blur: Program
  readonly #copy: Program
  readonly #picture: Program
  readonly #sticker: Program
  readonly #frameTexture: WebGLTexture
  readonly #maskTexture: WebGLTexture
  /** The outline as it is used, and the one before. */
  #outline: Surface
  #before: Surface
  readonly #small: readonly [Surface, Surface]
  readonly #probe: Surface
  #maskAt: number | undefined
  #image: { readonly name: ImageName; readonly texture: WebGLTexture; readonly size: Size } | undefined
  #worn: { readonly name: StickerName; readonly texture: WebGLTexture } | undefined
  #light: Light = asItIs
  #lightAim: Light = asItIs
  #lightAt: number | undefined
  #measuredAt = Number.NEGATIVE_INFINITY

  constructor(onLost: () => void) {
    this.canvas = new OffscreenCanvas(16, 16)
    const gl = this.canvas.getContext('webgl2', {
      alpha: false,
      antialias: false,
      depth: false,
      premultipliedAlpha: false,
      preserveDrawingBuffer: false,
      powerPreference: 'high-performance',
    })
    if (!gl) throw new NoWebGl()
    this.#gl = gl
    this.canvas.addEventListener('webglcontextlost', event => {
      event.preventDefault()
      onLost()
    })
    this.#mask = new Program(gl, shaders.everywhere, shaders.maskShader)
    this.#surroundings = new Program(gl, shaders.everywhere, shaders.surroundingsShader)
    this.#blur = new Program(gl, shaders.everywhere, shaders.blurShader)
    this.#copy = new Program(gl, shaders.everywhere, shaders.copyShader)
    this.#picture = new Program(gl, shaders.everywhere, shaders.pictureShader)
    this.#sticker = new Program(gl, shaders.stickerPlace, shaders.stickerShader)
    this.#frameTexture = newTexture(gl)
    this.#maskTexture = newTexture(gl)
    this.#outline = new Surface(gl)
    this.#before = new Surface(gl)
    this.#small = [new Surface(gl), new Surface(gl)]
    this.#probe = new Surface(gl)
    this.#probe.resize(probe, probe)
    gl.bindVertexArray(gl.createVertexArray())
  }

  /** Whether an outline of the person has come yet. */
  get hasMask(): boolean {
    return this.#maskAt !== undefined
  }

  /** Takes a new outline of the person: opaque where they are. */
  takeMask(mask: Picture & { readonly width: number; readonly height: number }, now: number): void {
    const share = shareOfNew(this.#maskAt === undefined ? Number.NaN : now - this.#maskAt)
    const next = this.#before
    this.#before = this.#outline
    this.#outline = next
    const fresh = next.resize(mask.width, mask.height)
    const other = this.#before.resize(mask.width, mask.height)
    this.#upload(1, this.#maskTexture, mask)
    this.#bind(2, this.#before.texture)
    next.target()
    this.#draw(this.#mask, { flip: [1], mask: { int: 1 }, before: { int: 2 }, share: [fresh || other ? 1 : share] })
    this.#maskAt = now
  }

  /** Forgets the outline: the camera shows something else, or nobody is looked for any more. */
  dropMask(): void {
    this.#maskAt = undefined
  }

  hasImage(name: ImageName): boolean {
    return this.#image?.name === name
  }

  setImage(name: ImageName, picture: ImageBitmap | OffscreenCanvas): void {
    const texture = this.#image?.texture ?? newTexture(this.#gl)
    this.#upload(3, texture, picture)
    this.#image = { name, texture, size: { width: picture.width, height: picture.height } }
  }

  hasSticker(name: StickerName): boolean {
    return this.#worn?.name === name
  }

  setSticker(name: StickerName, picture: OffscreenCanvas): void {
    const texture = this.#worn?.texture ?? newTexture(this.#gl)
    this.#gl.pixelStorei(this.#gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true)
    this.#upload(3, texture, picture)
    this.#gl.pixelStorei(this.#gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false)
    this.#worn = { name, texture }
  }

  /** Draws a frame; the result is on the canvas until the next one. */
  draw({ frame, size, choice, sticker, maxWidth, now }: Scene): OffscreenCanvas {
    const scale = Math.min(1, maxWidth / size.width)
    // Encoders want even sizes.
    const width = Math.max(2, Math.round((size.width * scale) / 2) * 2)
    const height = Math.max(2, Math.round((size.height * scale) / 2) * 2)
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height })
    this.#upload(0, this.#frameTexture, frame)
    if (choice.light) this.#measure(now)
    const { background } = choice
    if (background.kind === 'blur') this.#blurBehind(background.strength, size)
    this.#compose(choice, size, { width, height })
    if (sticker && this.#worn) this.#wear(this.#worn.texture, sticker, size)
    return this.canvas
  }

  close(): void {
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext()
  }

  #compose({ background, filter, light, smoothing: smooth }: EffectsChoice, frame: Size, drawn: Size): void {
    const gl = this.#gl
    const kind = this.hasMask ? background.kind : 'none'
    const image = kind === 'image' ? this.#image : undefined
    const part = image ? cover(image.size, frame) : { scaleX: 1, scaleY: 1, x: 0, y: 0 }
    const m = filters[filter]
    const { gamma, contrast } = light ? this.#light : asItIs
    this.#bind(1, this.#outline.texture)
    this.#bind(2, image ? image.texture : this.#small[0].texture)
    gl.bindFramebuffer(gl.FRAMEBUFFER, null)
    gl.viewport(0, 0, drawn.width, drawn.height)
    this.#draw(this.#picture, {
      flip: [-1],
      frame: { int: 0 },
      mask: { int: 1 },
      behind: { int: 2 },
      background: { int: kind === 'blur' ? 1 : image ? 2 : 0 },
      cover: [part.scaleX, part.scaleY, part.x, part.y],
      texel: [frame.height / 720 / frame.width, 1 / 720],
      smoothing: [smoothing[smooth]],
      gamma: [gamma],
      contrast: [contrast],
      // By columns, as WebGL has it.
      colours: [0, 1, 2].flatMap(column => [m[column] ?? 0, m[column + 4] ?? 0, m[column + 8] ?? 0]),
      constant: [m[3] ?? 0, m[7] ?? 0, m[11] ?? 0],
    })
  }

  #blurBehind(strength: Strength, frame: Size): void {
    if (!this.hasMask) return
    const { height, times } = blurs[strength]
    const width = Math.max(2, Math.round((height * frame.width) / frame.height))
    const [first, second] = this.#small
    for (const surface of this.#small) surface.resize(width, height)
    this.#bind(1, this.#outline.texture)
    first.target()
    this.#draw(this.#surroundings, { flip: [1], frame: { int: 0 }, mask: { int: 1 } })
    for (let i = 0; i < times; i++) {
      const step = 1 + i
      this.#bind(2, first.texture)
      second.target()
      this.#draw(this.#blur, { flip: [1], picture: { int: 2 }, along: [step / width, 0] })
      this.#bind(2, second.texture)
      first.target()
      this.#draw(this.#blur, { flip: [1], picture: { int: 2 }, along: [0, step / height] })
    }
  }

  #wear(texture: WebGLTexture, { x, y, width, height, angle }: Placing, frame: Size): void {
    const gl = this.#gl
    this.#bind(3, texture)
    this.#sticker.use({
      picture: { int: 3 },
      centre: [x, y],
      size: [width, height],
      frameSize: [frame.width, frame.height],
      angle: [angle],
    })
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4)
    gl.disable(gl.BLEND)
  }

  /** Reading back makes the page wait for the graphics, so it is done seldom, and of few pixels. */
  #measure(now: number): void {
    if (now - this.#measuredAt >= measureEveryMs) {
      const gl = this.#gl
      this.#measuredAt = now
      this.#probe.target()
      this.#draw(this.#copy, { flip: [1], frame: { int: 0 } })
      const pixels = new Uint8Array(probe * probe * 4)
      gl.readPixels(0, 0, probe, probe, gl.RGBA, gl.UNSIGNED_BYTE, pixels)
      this.#lightAim = lightFor(meanBrightness(pixels))
    }
    this.#light =
      this.#lightAt === undefined ? this.#lightAim : easeLight(this.#light, this.#lightAim, now - this.#lightAt)
    this.#lightAt = now
  }

  #draw(program: Program, uniforms: Parameters<Program['use']>[0]): void {
    program.use(uniforms)
    this.#gl.drawArrays(this.#gl.TRIANGLES, 0, 3)
  }

  #bind(unit: number, texture: WebGLTexture): void {
    const gl = this.#gl
    gl.activeTexture(gl.TEXTURE0 + unit)
    gl.bindTexture(gl.TEXTURE_2D, texture)
  }

  #upload(unit: number, texture: WebGLTexture, picture: Picture): void {
    const gl = this.#gl
    this.#bind(unit, texture)
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, picture)
  }
}

/** The browser has no WebGL 2, or does not let this page have it. */
export class NoWebGl extends Error {
  override readonly name = 'NoWebGl'
  constructor() {
    super('This browser has no WebGL 2, or does not let this page use it.')
  }
}
