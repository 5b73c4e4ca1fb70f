/** What went wrong in the delivery of numbered messages: all zero when nothing did. */
export interface Verdict {
  readonly delivered: number
  readonly lost: number
  readonly doubled: number
  /** Came after a higher number of the same sender. */
  readonly reordered: number
  /** Came to somebody who is not in the sender's room, or was never sent. */
  readonly stray: number
  /** Members of a room who saw its messages in another order than the room's first member. */
  readonly disagreeing: number
}

/**
 * Keeps account of every delivery: each member of a room must see each number of each sender in the room, itself included,
 * exactly once and in order. Client `i` is in room `i % rooms`.
 */
export class Ledger {
  readonly #clients: number
  readonly #rooms: number
  readonly #members: number
  readonly #perSender: number
  readonly #seen: Uint8Array
  readonly #highest: Int32Array
  readonly #order: Int32Array
  delivered = 0
  #reordered = 0
  #stray = 0

  constructor(clients: number, rooms: number, perSender: number) {
    this.#clients = clients
    this.#rooms = rooms
    this.#members = clients / rooms
    this.#perSender = perSender
    this.#seen = new Uint8Array(clients * this.#members * perSender)
    this.#highest = new Int32Array(clients * this.#members).fill(-1)
    this.#order = new Int32Array(clients)
  }

  deliver(receiver: number, sender: number, number: number): void {
    this.delivered++
    const known = sender >= 0 && sender < this.#clients && number >= 0 && number < this.#perSender
    if (!known || sender % this.#rooms !== receiver % this.#rooms) {
      this.#stray++
      return
    }
    const pair = receiver * this.#members + Math.floor(sender / this.#rooms)
    const place = pair * this.#perSender + number
    this.#seen[place] = (this.#seen[place] ?? 0) + 1
    if (number < (this.#highest[pair] ?? -1)) this.#reordered++
    else this.#highest[pair] = number
    this.#order[receiver] = Math.imul(this.#order[receiver] ?? 0, 31) + sender * this.#perSender + number
  }

  verdict(): Verdict {
    let lost = 0
    let doubled = 0
    for (const times of this.#seen) {
      if (times === 0) lost++
      else doubled += times - 1
    }
    const disagreeing = this.#order.filter((order, i) => order !== this.#order[i % this.#rooms]).length
    return {
      delivered: this.delivered,
      lost,
      doubled,
      reordered: this.#reordered,
      stray: this.#stray,
      disagreeing,
    }
  }
}
