/** Something to do at a time: make one per thing and set it anew, so that setting allocates nothing. */
export class Alarm {
  readonly ring: (now: number) => void
  /** When, in ms; Infinity: not set. */
  at = Number.POSITIVE_INFINITY
  /** Its place in the heap; -1: none. Written by {@link Alarms} only. */
  place = -1

  constructor(ring: (now: number) => void) {
    this.ring = ring
  }
}

/** All that waits for its time, the earliest first: a binary heap. */
export class Alarms {
  readonly #heap: Alarm[] = []

  /** How many wait: a leak shows here. */
  get size(): number {
    return this.#heap.length
  }

  /** When the earliest is due; Infinity: nothing waits. */
  next(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY
  }

  /** Lets it ring at that time instead of any other. */
  set(alarm: Alarm, at: number): void {
    if (alarm.place < 0) {
      alarm.place = this.#heap.length
      this.#heap.push(alarm)
    }
    alarm.at = at
    this.#settle(alarm)
  }

  /** Lets it ring at that time unless it would earlier. */
  setBy(alarm: Alarm, at: number): void {
    if (at < alarm.at) this.set(alarm, at)
  }

  /** It will not ring; may be called twice. */
  clear(alarm: Alarm): void {
    const { place } = alarm
    if (place < 0) return
    const last = this.#heap.pop() as Alarm
    alarm.place = -1
    alarm.at = Number.POSITIVE_INFINITY
    if (last === alarm) return
    this.#put(last, place)
    this.#settle(last)
  }

  /** Rings all that are due. One that sets itself to now or earlier rings in the next call. */
  ring(now: number): void {
    for (let left = this.#heap.length; left > 0; left--) {
      const alarm = this.#heap[0]
      if (!alarm || alarm.at > now) return
      this.clear(alarm)
      alarm.ring(now)
    }
  }

  #settle(alarm: Alarm): void {
    let { place } = alarm
    while (place > 0) {
      const parent = this.#heap[(place - 1) >> 1] as Alarm
      if (parent.at <= alarm.at) break
      this.#put(parent, place)
      place = (place - 1) >> 1
    }
    for (;;) {
      const left = this.#heap[2 * place + 1]
      const right = this.#heap[2 * place + 2]
      const child = right && left && right.at < left.at ? right : left
      if (!child || child.at >= alarm.at) break
      const from = child.place
      this.#put(child, place)
      place = from
    }
    this.#put(alarm, place)
  }

  #put(alarm: Alarm, place: number): void {
    this.#heap[place] = alarm
    alarm.place = place
  }
}
