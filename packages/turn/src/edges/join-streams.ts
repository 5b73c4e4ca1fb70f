import { type Duplex, pipeline, Transform } from 'node:stream'

/** How long bytes wait that may not pass yet, ms. */
const waitMs = 20

/** Passes what comes from one to the other, both ways; when one ends, so does the other. */
export function joinStreams(one: Duplex, other: Duplex, admit: (bytes: number) => number): void {
  const over = () => {
    one.destroy()
    other.destroy()
  }
  pipeline(one, new Meter(admit), other, over)
  pipeline(other, new Meter(admit), one, over)
}

/** Holds back what `admit` does not let pass yet. */
class Meter extends Transform {
  readonly #admit: (bytes: number) => number
  #waiting: NodeJS.Timeout | undefined

  constructor(admit: (bytes: number) => number) {
    super()
    this.#admit = admit
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    const passed = this.#admit(chunk.length)
    if (passed > 0) this.push(chunk.subarray(0, passed))
    if (passed === chunk.length) done()
    else this.#waiting = setTimeout(() => this._transform(chunk.subarray(passed), _, done), waitMs)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#waiting)
    done(error)
  }
}
