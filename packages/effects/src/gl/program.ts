/** Sets a uniform: floats, as many as the type has, or one integer for a sampler or an `int`. */
export type Uniforms = Readonly<Record<string, readonly number[] | { readonly int: number }>>

/** A pair of shaders, and where their uniforms are. */
export class Program {
  readonly #gl: WebGL2RenderingContext
  readonly #program: WebGLProgram
  readonly #places = new Map<string, WebGLUniformLocation | null>()

  /** @throws {Error} If the graphics driver refuses the shaders, with its words. */
  constructor(gl: WebGL2RenderingContext, vertex: string, fragment: string) {
    this.#gl = gl
    this.#program = gl.createProgram()
    for (const [type, source] of [
      [gl.VERTEX_SHADER, vertex],
      [gl.FRAGMENT_SHADER, fragment],
    ] as const) {
      const shader = gl.createShader(type)
      if (!shader) throw new Error('WebGL gives no shader.')
      gl.shaderSource(shader, source)
      gl.compileShader(shader)
      gl.attachShader(this.#program, shader)
      gl.deleteShader(shader)
    }
    gl.linkProgram(this.#program)
    if (!gl.getProgramParameter(this.#program, gl.LINK_STATUS) && !gl.isContextLost()) {
      const shaders = gl.getAttachedShaders(this.#program) ?? []
      const logs = shaders.map(shader => gl.getShaderInfoLog(shader)).join(' ')
      throw new Error(`A shader does not compile: ${gl.getProgramInfoLog(this.#program)} ${logs}`)
    }
  }

  use(uniforms: Uniforms): void {
    const gl = this.#gl
    gl.useProgram(this.#program)
    for (const [name, value] of Object.entries(uniforms)) {
      const place = this.#place(name)
      if ('int' in value) gl.uniform1i(place, value.int)
      else if (value.length === 1) gl.uniform1fv(place, value)
      else if (value.length === 2) gl.uniform2fv(place, value)
      else if (value.length === 3) gl.uniform3fv(place, value)
      else if (value.length === 4) gl.uniform4fv(place, value)
      else gl.uniformMatrix3fv(place, false, value)
    }
  }

  #place(name: string): WebGLUniformLocation | null {
    if (!this.#places.has(name)) this.#places.set(name, this.#gl.getUniformLocation(this.#program, name))
    return this.#places.get(name) ?? null
  }
}
