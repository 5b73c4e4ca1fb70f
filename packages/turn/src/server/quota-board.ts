import { createHmac, randomBytes } from 'node:crypto'

const BUCKETS = 4096
/** Entries that one bucket holds; that more fall into one is practically impossible. */
const PER_BUCKET = 32
/**
 * Words of an entry: whose it is, how many allocations; until when a user's bandwidth is used up; how many allocations a
 * source is to give up, and how many peers it holds.
 */
const ENTRY = { name: 0, allocations: 1, usedUntil: 2, owed: 3, peers: 4, words: 5 } as const
/** Words before the entries: a lock, the sum of allocations, how many of them are to be given up, a secret. */
const HEAD = { lock: 0, total: 1, owed: 2, secret: 3, words: 7 } as const
const BYTES = (HEAD.words + BUCKETS * PER_BUCKET * ENTRY.words) * Int32Array.BYTES_PER_ELEMENT

/** How long the result of a search for the source that has most is used again, ms. */
const GREEDIEST_MS = 100

/** The entries that an allocation counts for. */
export interface Entries {
  readonly user: number
  readonly source: number
}

/** How many allocations one user, one source address and everybody together may have; 0: no limit. */
export interface Most {
  readonly perUser: number
  readonly perSource: number
  readonly total: number
}

/**
 * How many allocations each user and each source address has, and how much of their bandwidth users have used: over all the
 * servers that share it, so that nobody gets twice as much by using two transports. Users and sources without allocations
 * take no space.
 *
 * When the total is reached, a source that has fewer allocations than another still gets one: the source that has most then
 * owes an allocation, which the server that holds it closes (`owes`).
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
  #greediest: { readonly place: number; readonly at: number } | undefined

  /**
   * @param memory Another board's. Throws RangeError if it cannot be that.
   * @param originMs What time it is at `now` = 0, on a clock that all threads share.
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

  /** Counts one more allocation of a user's, from a source; undefined if that would be too many. */
  enter(user: string, source: string, { perUser, perSource, total }: Most, now: number): Entries | undefined {
    const words = this.#words
    const [userMark, sourceMark] = [this.#mark(user, 'user'), this.#mark(source, 'source')]
    return this.#locked(() => {
      const userAt = this.#entry(userMark)
      const sourceAt = this.#entry(sourceMark, userAt)
      if (userAt === undefined || sourceAt === undefined) return undefined
      if (perUser > 0 && this.#count(userAt) >= perUser) return undefined
      const fromSource = this.#count(sourceAt)
      if (perSource > 0 && fromSource >= perSource) return undefined
      const left = total - this.total + Atomics.load(words, HEAD.owed)
      if (total > 0 && left <= 0 && !this.#makeRoom(fromSource + 1, now)) return undefined
      words[userAt + ENTRY.name] = userMark.name
      words[sourceAt + ENTRY.name] = sourceMark.name
      for (const at of [userAt, sourceAt]) Atomics.add(words, at + ENTRY.allocations, 1)
      Atomics.add(words, HEAD.total, 1)
      return { user: userAt, source: sourceAt }
    })
  }

  leave({ user, source }: Entries): void {
    this.#locked(() => {
      for (const place of [user, source]) Atomics.sub(this.#words, place + ENTRY.allocations, 1)
      Atomics.sub(this.#words, HEAD.total, 1)
      if (!this.owes(source)) return
      for (const owed of [HEAD.owed, source + ENTRY.owed]) Atomics.sub(this.#words, owed, 1)
    })
  }

  /** Whether that source is to give up an allocation; without a source, whether any is. */
  owes(source?: number): boolean {
    return Atomics.load(this.#words, source === undefined ? HEAD.owed : source + ENTRY.owed) > 0
  }

  /** Counts so many more peers (or, below 0, so many fewer) that a source holds; false if that would be more than `most`. */
  hold(source: number, peers: number, most: number): boolean {
    const held = Atomics.add(this.#words, source + ENTRY.peers, peers) + peers
    if (peers <= 0 || held <= most) return true
    Atomics.sub(this.#words, source + ENTRY.peers, peers)
    return false
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
      // A time further ahead than a burst allows was written so long ago that the clock has wrapped since.
      const used = ahead > 0 && ahead <= burstUs ? ahead : 0
      const taken = Math.min(most, Math.floor(((burstUs - used) * bytesPerSecond) / 1e6))
      if (taken < least) return 0
      const next = (nowUs + used + Math.ceil((taken * 1e6) / bytesPerSecond)) | 0
      if (Atomics.compareExchange(words, place + ENTRY.usedUntil, until, next) === until) return taken
    }
  }

  /** The names of sources are odd, those of users even. */
  #mark(name: string, of: 'user' | 'source'): Mark {
    const digest = createHmac('sha256', this.#secret).update(`${of} ${name}`).digest()
    const bit = of === 'source' ? 1 : 0
    return { bucket: digest.readUInt32LE(0) % BUCKETS, name: (digest.readInt32LE(4) & ~1) | bit }
  }

  #count(place: number): number {
    return Atomics.load(this.#words, place + ENTRY.allocations)
  }

  /** How many allocations a source keeps when it has given up what it owes. */
  #lasting(place: number): number {
    return this.#count(place) - Atomics.load(this.#words, place + ENTRY.owed)
  }

  /** Makes the source that has most owe one more, if that leaves it at least as many as the newcomer would have. */
  #makeRoom(coming: number, now: number): boolean {
    // Whoever is refused may ask again at once, so the search is not repeated for each request.
    if (!this.#greediest || now - this.#greediest.at >= GREEDIEST_MS)
      this.#greediest = { place: this.#search(), at: now }
    const { place } = this.#greediest
    if (!this.#isSource(place) || this.#lasting(place) <= coming) return false
    for (const owed of [HEAD.owed, place + ENTRY.owed]) Atomics.add(this.#words, owed, 1)
    return true
  }

  #isSource(place: number): boolean {
    return ((this.#words[place + ENTRY.name] ?? 0) & 1) === 1
  }

  /** The source that has most. */
  #search(): number {
    let [place, most] = [HEAD.words, 0]
    for (let at = HEAD.words; at < this.#words.length; at += ENTRY.words) {
      const lasting = (this.#words[at + ENTRY.allocations] ?? 0) - (this.#words[at + ENTRY.owed] ?? 0)
      if (lasting <= most || !this.#isSource(at)) continue
      place = at
      most = lasting
    }
    return place
  }

  /** The entry of that name, or a free one for it, but not `other`; undefined if the bucket is full. */
  #entry({ bucket, name }: Mark, other?: number): number | undefined {
    const words = this.#words
    const first = HEAD.words + bucket * PER_BUCKET * ENTRY.words
    let free: number | undefined
    for (let at = first; at < first + PER_BUCKET * ENTRY.words; at += ENTRY.words) {
      if (at === other) continue
      const taken = (words[at + ENTRY.allocations] ?? 0) > 0
      if (taken && words[at + ENTRY.name] === name) return at
      // Its former entry is the best of the free ones: it remembers how much bandwidth was used.
      if (!taken && (free === undefined || words[at + ENTRY.name] === name)) free = at
    }
    if (free !== undefined && words[free + ENTRY.name] !== name) words[free + ENTRY.usedUntil] = 0
    return free
  }

  /** Runs `work` while no other thread runs any. It is short, and two rarely meet, so waiting costs little. */
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

/** In which bucket an entry is, and the name it has there. */
interface Mark {
  readonly bucket: number
  readonly name: number
}

const burstUs = 1e6
