/** Calls back at a steady pace, in a hidden tab too, where a page's own timers come once a second and frames not at all. */
export class Ticker {
  readonly #worker = new Worker(new URL('./tick-worker.ts', import.meta.url), { type: 'module' })

  constructor(everyMs: number, tick: () => void) {
    let last = Number.NEGATIVE_INFINITY
    this.#worker.onmessage = () => {
      // Ticks that waited while the page was busy come all at once; one of them is enough.
      const now = performance.now()
      if (now - last < everyMs / 2) return
      last = now
      tick()
    }
    this.#worker.postMessage(everyMs)
  }

  close(): void {
    this.#worker.terminate()
  }
}
