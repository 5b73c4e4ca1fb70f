import { createHmac, randomBytes } from 'node:crypto'

const BUCKETS = 4096
/** Users that one bucket holds; so many of few users in one is as good as impossible. */
const PER_BUCKET = 32
/** Words of an entry: whose it is, how many allocations, and until when the bandwidth is used up. */
const ENTRY = { name: 0, allocations: 1, usedUntil: 2, words: 3 } as const
/** Words before the entries: a lock, the sum of allocations, a secret. */
const HEAD = { lock: 0, total: 1, secret: 2, words: 6 } as const
const BYTES = (HEAD.words + BUCKETS * PER_BUCKET * ENTRY.words) * Int32Array.BYTES_PER_ELEMENT

/**
 * How many allocations each user has, and how much of their bandwidth they used: over all the servers that share it, so
 * that nobody has twice as much by using two transports. Users without an allocation leave nothing behind.
 *
 * @example
 * const board = new QuotaBoard()
 * new Worker(entry, { workerData: board.memory }) // there: new QuotaBoard(workerData)
 */
export class QuotaBoard {
  /** To be handed to other threads. */
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #secret: Buffer
  readonly #originMs: number

  /**
   * @param memory Another board's. Throws RangeError if it cannot be that.
   * @param originMs Where on a clock that all threads share the zero of this one's `now` lies.
   */
  constructor(memory?: SharedArrayBuffer, originMs: number = performance.timeOrigin) {
    if (memory && memory.byteLength !== BYTES)
      throw new RangeError(`a board has ${BYTES} bytes, not ${memory.byteLength}`)
    this.memory = memory ?? new SharedArrayBuffer(BYTES)
    this.#words = new Int32Array(this.memory)
    const secret = new Uint8Array(this.memory, HEAD.secret * 4, (HEAD.words - HEAD.secret) * 4)
    if (!memory) secret.set(randomBytes(secret.length))
    this.#secret = Buffer.from(secret)
    this.#originMs = originMs
  }

  /** Allocations altogether. */
  get total(): number {
    return Atomics.load(this.#words, HEAD.total)
  }

  /** Counts one more allocation; undefined if that would be too many. 0: no limit. Returns the user's place. */
  enter(name: string, mostOfUser: number, mostAltogether: number): number | undefined {
    const words = this.#words
    const { bucket, mark } = this.#find(name)
    return this.#locked(() => {
      const at = this.#entry(bucket, mark)
      if (at === undefined || (mostAltogether > 0 && this.total >= mostAltogether)) return undefined
      const allocations = words[at + ENTRY.allocations] ?? 0
      if (mostOfUser > 0 && allocations >= mostOfUser) return undefined
      words[at + ENTRY.name] = mark
      words[at + ENTRY.allocations] = allocations + 1
      Atomics.add(words, HEAD.total, 1)
      return at
    })
  }

  leave(place: number): void {
    this.#locked(() => {
      const left = (this.#words[place + ENTRY.allocations] ?? 0) - 1
      this.#words[place + ENTRY.allocations] = left
      Atomics.sub(this.#words, HEAD.total, 1)
    })
  }

  /**
   * Lets through `bytesPerSecond` on average and as much as a second's worth at once; false for what is too much. Exact to
   * a microsecond.
   */
  take(place: number, bytes: number, bytesPerSecond: number, now: number): boolean {
    return this.takeSome(place, bytes, bytes, bytesPerSecond, now) === bytes
  }

  /** The same for a stream, of which a part may pass: how many, from `least` to `most`, or 0. */
  takeSome(place: number, most: number, least: number, bytesPerSecond: number, now: number): number {
    const words = this.#words
    // Microseconds that wrap around, compared by their difference.
    const nowUs = Math.floor(((this.#originMs + now) * 1000) % 2 ** 32) | 0
    for (;;) {
      const until = Atomics.load(words, place + ENTRY.usedUntil)
      const ahead = (until - nowUs) | 0
      // What lies further ahead than can be is from so long ago that the clock has wrapped.
      const used = ahead > 0 && ahead <= burstUs ? ahead : 0
      const taken = Math.min(most, Math.floor(((burstUs - used) * bytesPerSecond) / 1e6))
      if (taken < least) return 0
      const next = (nowUs + used + Math.ceil((taken * 1e6) / bytesPerSecond)) | 0
      if (Atomics.compareExchange(words, place + ENTRY.usedUntil, until, next) === until) return taken
    }
  }

  #find(name: string): { bucket: number; mark: number } {
    const digest = createHmac('sha256', this.#secret).update(name).digest()
    return { bucket: digest.readUInt32LE(0) % BUCKETS, mark: digest.readInt32LE(4) }
  }

  /** The user's entry, or a free one made theirs; undefined if there is none. */
  #entry(bucket: number, mark: number): number | undefined {
    const words = this.#words
    const first = HEAD.words + bucket * PER_BUCKET * ENTRY.words
    let free: number | undefined
    for (let at = first; at < first + PER_BUCKET * ENTRY.words; at += ENTRY.words) {
      const taken = (words[at + ENTRY.allocations] ?? 0) > 0
      if (taken && words[at + ENTRY.name] === mark) return at
      // One's own of before is better than another: the bandwidth that was used is remembered there.
      if (!taken && (free === undefined || words[at + ENTRY.name] === mark)) free = at
    }
    if (free !== undefined && words[free + ENTRY.name] !== mark) words[free + ENTRY.usedUntil] = 0
    return free
  }

  /** Short, and rarely needed: whoever comes second waits. */
  #locked<T>(work: () => T): T {
    const words = this.#words
    while (Atomics.compareExchange(words, HEAD.lock, 0, 1) !== 0) Atomics.wait(words, HEAD.lock, 1, 1)
    try {
      return work()
    } finally {
      Atomics.store(words, HEAD.lock, 0)
      Atomics.notify(words, HEAD.lock, 1)
    }
  }
}

const burstUs = 1e6
