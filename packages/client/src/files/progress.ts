import type { Clock } from '../clock.ts'
import { Meter } from './meter.ts'
import type { FilePath, FileState } from './types.ts'

/** Between two looks at which way data goes, ms. */
const pathMs = 2_000

/** What can be said of a transfer while it runs. */
export class Progress {
  readonly #clock: Clock
  readonly #size: number
  readonly #meter: Meter
  readonly #findPath: () => Promise<FilePath | undefined>
  #bytes: number
  #path: FilePath | undefined
  #pathAt = Number.NEGATIVE_INFINITY

  constructor(options: {
    readonly clock: Clock
    readonly size: number
    readonly bytes: number
    findPath(): Promise<FilePath | undefined>
  }) {
    this.#clock = options.clock
    this.#size = options.size
    this.#bytes = options.bytes
    this.#findPath = () => options.findPath()
    this.#meter = new Meter(options.bytes, options.clock.now())
  }

  get bytes(): number {
    return this.#bytes
  }

  add(bytes: number): void {
    const now = this.#clock.now()
    this.#bytes = bytes
    this.#meter.add(bytes, now)
    if (now - this.#pathAt < pathMs) return
    this.#pathAt = now
    this.#findPath().then(
      path => {
        this.#path = path
      },
      () => {}, // Of a connection that has just closed: then nobody asks any more.
    )
  }

  get state(): FileState {
    const rate = this.#meter.rate(this.#clock.now())
    const left = this.#size - this.#bytes
    return {
      status: 'transferring',
      bytesPerSecond: rate === undefined ? undefined : Math.round(rate),
      secondsLeft: rate ? Math.ceil(left / rate) : undefined,
      path: this.#path,
    }
  }
}
