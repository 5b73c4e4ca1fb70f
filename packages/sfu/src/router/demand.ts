import { Alarm, type Alarms } from './alarms.ts'

/** An encoding is told to be of use to nobody after so long: tiles come and go. */
const patienceMs = 2000

/** Tells which encodings of a publication anybody wants: at once what is wanted again, after a while what is not any more. */
export class Demand {
  readonly #alarms: Alarms
  readonly #tell: (layers: readonly boolean[]) => void
  readonly #alarm = new Alarm(now => this.#look(now))
  #told: readonly boolean[] = []
  /** Since when nobody has wanted each; Infinity: somebody does. */
  #unwantedSince: readonly number[] = []

  constructor(alarms: Alarms, tell: (layers: readonly boolean[]) => void) {
    this.#alarms = alarms
    this.#tell = tell
  }

  /** Which are wanted now, in the order of the encodings. */
  is(wanted: readonly boolean[], now: number): void {
    this.#told = wanted.map((_, i) => this.#told[i] ?? true)
    this.#unwantedSince = wanted.map((one, i) =>
      one ? Number.POSITIVE_INFINITY : Math.min(now, this.#unwantedSince[i] ?? now),
    )
    if (wanted.some((one, i) => one && !this.#told[i])) this.#say(this.#told.map((one, i) => one || wanted[i] === true))
    this.#wait()
  }

  /** Whether the publisher is to send an encoding, as far as it was told. */
  wants(encoding: number): boolean {
    return this.#told[encoding] ?? true
  }

  /** The publisher was told that nobody wants anything. */
  get isNone(): boolean {
    return this.#told.length > 0 && !this.#told.includes(true)
  }

  close(): void {
    this.#alarms.clear(this.#alarm)
  }

  #look(now: number): void {
    const layers = this.#told.map((one, i) => one && this.#offAt(i) > now)
    if (layers.some((one, i) => one !== this.#told[i])) this.#say(layers)
    this.#wait()
  }

  /** When the publisher is told that this encoding is of no use; Infinity: somebody wants it. */
  #offAt(encoding: number): number {
    return (this.#unwantedSince[encoding] ?? Number.POSITIVE_INFINITY) + patienceMs
  }

  #wait(): void {
    const next = Math.min(...this.#told.map((one, i) => (one ? this.#offAt(i) : Number.POSITIVE_INFINITY)))
    if (next === Number.POSITIVE_INFINITY) this.#alarms.clear(this.#alarm)
    else this.#alarms.set(this.#alarm, next)
  }

  #say(layers: readonly boolean[]): void {
    this.#told = layers
    this.#tell(layers)
  }
}
