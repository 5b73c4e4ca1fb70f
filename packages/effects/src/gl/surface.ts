import type { Size } from '../mask/smoothing.ts'

/** A texture unit that no program reads, so that making a texture does not take away another's place. */
const spareUnit = 7

/** A texture that can be drawn on. Its first row is the top of the picture. */
export class Surface {
  readonly #gl: WebGL2RenderingContext
  readonly texture: WebGLTexture
  readonly #frame: WebGLFramebuffer
  #size: Size = { width: 0, height: 0 }

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl
    this.texture = newTexture(gl)
    this.#frame = gl.createFramebuffer()
  }

  get size(): Size {
    return this.#size
  }

  /** Gives it a size; true if that is another than before, so that nothing is on it. */
  resize(width: number, height: number): boolean {
    if (this.#size.width === width && this.#size.height === height) return false
    const gl = this.#gl
    this.#size = { width, height }
    gl.activeTexture(gl.TEXTURE0 + spareUnit)
    gl.bindTexture(gl.TEXTURE_2D, this.texture)
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null)
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#frame)
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0)
    return true
  }

  /** From now on, everything is drawn on it. */
  target(): void {
    const gl = this.#gl
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#frame)
    gl.viewport(0, 0, this.#size.width, this.#size.height)
  }
}

/** A texture that ends at its edges and is scaled smoothly. */
export function newTexture(gl: WebGL2RenderingContext): WebGLTexture {
  const texture = gl.createTexture()
  gl.activeTexture(gl.TEXTURE0 + spareUnit)
  gl.bindTexture(gl.TEXTURE_2D, texture)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR)
  return texture
}
