const windowMs = 5_000
/** Before that, a speed would be a guess. */
const startMs = 500

/** How fast a number of bytes grows, over the last five seconds. Pure; `now` in ms. */
export class Meter {
  #samples: { readonly at: number; readonly bytes: number }[] = []

  constructor(bytes: number, now: number) {
    this.#samples.push({ at: now, bytes })
  }

  add(bytes: number, now: number): void {
    const newest = this.#samples.at(-1)
    if (newest && now - newest.at < 100) this.#samples.pop()
    this.#samples.push({ at: now, bytes })
    while (this.#samples.length > 2 && now - (this.#samples[1]?.at ?? now) >= windowMs) this.#samples.shift()
  }

  /** Bytes a second; undefined until it can be told. */
  rate(now: number): number | undefined {
    const [first] = this.#samples
    const last = this.#samples.at(-1)
    if (!first || !last || now - first.at < startMs) return undefined
    return (1000 * (last.bytes - first.bytes)) / (now - first.at)
  }
}
