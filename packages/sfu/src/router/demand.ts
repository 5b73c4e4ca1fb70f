import { Alarm, type Alarms } from './alarms.ts'

/** An encoding is told to be of use to nobody after so long: tiles come and go. */
const patienceMs = 2000

/** Tells which encodings of a publication anybody wants: at once what is wanted again, after a while what is not any more. */
export class Demand {
  readonly #alarms: Alarms
  readonly #tell: (layers: readonly boolean[]) => void
  readonly #alarm = new Alarm(() => this.#say(this.#wanted))
  #wanted: readonly boolean[] = []
  #told: readonly boolean[] = []

  constructor(alarms: Alarms, tell: (layers: readonly boolean[]) => void) {
    this.#alarms = alarms
    this.#tell = tell
  }

  /** Which are wanted now, in the order of the encodings. */
  is(wanted: readonly boolean[], now: number): void {
    this.#wanted = wanted
    const told = wanted.map((_, i) => this.#told[i] ?? true)
    if (told.every((one, i) => one === wanted[i])) this.#alarms.clear(this.#alarm)
    else if (wanted.some((one, i) => one && !told[i])) this.#say(told.map((one, i) => one || (wanted[i] ?? false)))
    if (this.#told.length !== wanted.length) this.#told = told
    if (wanted.some((one, i) => !one && this.#told[i])) this.#alarms.setBy(this.#alarm, now + patienceMs)
  }

  /** The publisher was told that nobody wants anything. */
  get isNone(): boolean {
    return this.#told.length > 0 && !this.#told.includes(true)
  }

  close(): void {
    this.#alarms.clear(this.#alarm)
  }

  #say(layers: readonly boolean[]): void {
    this.#told = layers
    this.#tell(layers)
  }
}
