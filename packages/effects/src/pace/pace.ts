/** How much work is done for each picture. */
export interface Pace {
  /** The person is looked for in every n-th frame. */
  readonly segmentEvery: number
  /** Whether a frame waits for its own outline, or takes the last one. */
  readonly waits: boolean
  /** The widest picture that is drawn, px. */
  readonly maxWidth: number
  /** The shortest time between two looks for the face, ms. */
  readonly faceEveryMs: number
  /** What a person may notice of it. */
  readonly less: 'nothing' | 'rate' | 'size'
}

/** From everything to as little as is worth having. */
export const paces: readonly Pace[] = [
  { segmentEvery: 1, waits: true, maxWidth: 1920, faceEveryMs: 66, less: 'nothing' },
  { segmentEvery: 2, waits: false, maxWidth: 1280, faceEveryMs: 100, less: 'rate' },
  { segmentEvery: 3, waits: false, maxWidth: 640, faceEveryMs: 160, less: 'size' },
  { segmentEvery: 6, waits: false, maxWidth: 480, faceEveryMs: 300, less: 'size' },
]

/** Over what time is judged, ms. */
const windowMs = 2000
/** Above this share of the time, the page has no time left for anything else. */
const busyShare = 0.75
const idleShare = 0.3
/** How long it must have been easy before more is tried, ms; twice as long after each time that this failed. */
const firstPatienceMs = 10_000
const longestPatienceMs = 160_000
/** So few pictures a second are worse than none of the effects. */
const worthless = 4
/** How long that must have lasted, ms. */
const hopelessMs = 10_000

/**
 * Decides how much is done for each picture, by how long that took: less at once when it is too slow, more again when it has
 * been easy for some time, and nothing at all (`undefined`) where even the least is too slow.
 * Pure: no timers; times are in milliseconds.
 *
 * @example
 * const control = new PaceControl()
 * control.frame(80, now) // once for each frame, with the work that it made
 */
export class PaceControl {
  #level = 0
  #since: number | undefined
  #work = 0
  #frames = 0
  #easySince: number | undefined
  #poorSince: number | undefined
  #patienceMs = firstPatienceMs
  #hopeless = false
  #raisedAt: number | undefined

  get pace(): Pace | undefined {
    return this.#hopeless ? undefined : paces[this.#level]
  }

  /** A frame was treated, which took the page `workMs`. Says what is done from now on. */
  frame(workMs: number, now: number): Pace | undefined {
    this.#since ??= now
    this.#work += workMs
    this.#frames++
    const elapsed = now - this.#since
    if (elapsed >= windowMs) this.#judge(this.#work / elapsed, (this.#frames * 1000) / elapsed, now)
    return this.pace
  }

  #judge(share: number, framesPerSecond: number, now: number): void {
    this.#since = now
    this.#work = 0
    this.#frames = 0
    if (share > busyShare) this.#less(framesPerSecond, now)
    else this.#more(share, now)
  }

  /** It was not too much: is it so little that more could be tried? */
  #more(share: number, now: number): void {
    this.#poorSince = undefined
    if (share > idleShare || this.#level === 0) {
      this.#easySince = undefined
      return
    }
    this.#easySince ??= now
    if (now - this.#easySince < this.#patienceMs) return
    this.#level--
    this.#raisedAt = now
    this.#easySince = undefined
  }

  #less(framesPerSecond: number, now: number): void {
    this.#easySince = undefined
    if (this.#raisedAt !== undefined && now - this.#raisedAt < firstPatienceMs) {
      this.#patienceMs = Math.min(longestPatienceMs, this.#patienceMs * 2)
      this.#raisedAt = undefined
    }
    if (this.#level < paces.length - 1) {
      this.#level++
      return
    }
    if (framesPerSecond >= worthless) {
      this.#poorSince = undefined
      return
    }
    this.#poorSince ??= now
    if (now - this.#poorSince >= hopelessMs) this.#hopeless = true
  }
}
