const segmentBytes = 1500
const reordering = 3
const timeoutMs = 1000
const cubicScale = 0.4
const cubicDecrease = 0.7

export interface TcpFlowOptions {
  /** Puts a segment on the link. */
  readonly send: (segment: number, bytes: number, now: number) => void
  /** From the receiver back to the sender; ms. */
  readonly returnMs: number
}

interface Acknowledgement {
  readonly segment: number
  readonly at: number
}

/**
 * A TCP connection that always has something to send, as a model: slow start, CUBIC with NewReno's growth as its least (RFC 9438),
 * one decrease per window of losses, a timeout. For a link that does not reorder.
 */
export class TcpFlow {
  readonly #options: TcpFlowOptions
  readonly #acknowledgements: Acknowledgement[] = []
  #window = 10
  #threshold = Number.POSITIVE_INFINITY
  #next = 0
  /** All below have arrived or are lost. */
  #settled = 0
  readonly #arrived = new Set<number>()
  #recoverUntil = 0
  #mostWindow = 0
  #epochAt = 0
  #progressAt = 0
  #began = false
  /** Bytes delivered so far. */
  delivered = 0

  constructor(options: TcpFlowOptions) {
    this.#options = options
  }

  /** A segment has come through the link. */
  receive(segment: number, now: number): void {
    this.delivered += segmentBytes
    this.#acknowledgements.push({ segment, at: now + this.#options.returnMs })
  }

  nextTimeout(): number {
    if (!this.#began) return 0
    return Math.min(this.#acknowledgements[0]?.at ?? Number.POSITIVE_INFINITY, this.#progressAt + timeoutMs)
  }

  /** Takes acknowledgements that have arrived, and sends what the window allows. */
  handleTimeout(now: number): void {
    if (!this.#began) this.#progressAt = now
    this.#began = true
    while ((this.#acknowledgements[0]?.at ?? Number.POSITIVE_INFINITY) <= now) {
      this.#acknowledge((this.#acknowledgements.shift() as Acknowledgement).segment, now)
    }
    if (now >= this.#progressAt + timeoutMs) {
      this.#threshold = Math.max(this.#window / 2, 2)
      this.#window = 2
      this.#settled = this.#next
      this.#arrived.clear()
      this.#progressAt = now
    }
    while (this.#next - this.#settled - this.#arrived.size < this.#window) {
      this.#options.send(this.#next++, segmentBytes, now)
    }
  }

  #acknowledge(segment: number, now: number): void {
    if (segment < this.#settled) return
    this.#progressAt = now
    this.#arrived.add(segment)
    while (this.#arrived.delete(this.#settled)) this.#settled++
    let lost = false
    while (this.#settled + reordering <= segment) {
      if (!this.#arrived.delete(this.#settled)) lost = true
      this.#settled++
    }
    if (lost && segment >= this.#recoverUntil) this.#decrease(now)
    else if (segment >= this.#recoverUntil) this.#grow(now)
  }

  #decrease(now: number): void {
    this.#recoverUntil = this.#next
    this.#mostWindow = this.#window
    this.#window = Math.max(2, this.#window * cubicDecrease)
    this.#threshold = this.#window
    this.#epochAt = now
  }

  #grow(now: number): void {
    if (this.#window < this.#threshold) {
      this.#window++
      return
    }
    const seconds = (now - this.#epochAt) / 1000
    const k = Math.cbrt((this.#mostWindow * (1 - cubicDecrease)) / cubicScale)
    const cubic = cubicScale * (seconds - k) ** 3 + this.#mostWindow
    this.#window += Math.max(0.5 / this.#window, Math.min((cubic - this.#window) / this.#window, 0.5))
  }
}
