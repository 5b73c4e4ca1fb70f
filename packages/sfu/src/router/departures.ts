import { type Lane, type LinkEstimate, Pacer } from '@parley/congestion'
import { Alarm, type Alarms } from './alarms.ts'

/** What can send a packet later that it has held back. */
export interface Departing {
  readonly lane: Lane
  release(place: number, last: boolean, now: number): void
}

interface Held {
  readonly sink: Departing
  readonly place: number
  readonly last: boolean
}

/**
 * What leaves over one transport: numbers it all (draft-holmer-rmcat-transport-wide-cc-extensions-01), tells the estimate of it, and
 * spreads what would come at once over the time that the link needs.
 */
export class Departures {
  /** Of the next packet, transport-wide. */
  sequenceNumber = 0
  /** How many packets of sound are repeated with each, where the receiver takes RED. */
  redDistance = 0
  readonly #alarms: Alarms
  readonly #alarm = new Alarm(now => this.#depart(now))
  #link: LinkEstimate | undefined
  #pacer: Pacer<Held> | undefined
  /** When something was last to leave. */
  #now = 0

  constructor(alarms: Alarms) {
    this.#alarms = alarms
  }

  /** From now on what leaves is spread by what this link carries. */
  pace(link: LinkEstimate): void {
    this.#link = link
    this.#pacer ??= new Pacer({ targetBps: link.targetBps })
  }

  /** What the link carries has changed. */
  set targetBps(bps: number) {
    if (this.#pacer) this.#pacer.targetBps = bps
  }

  /** Whether a packet may leave now; else it is to be held. */
  mayPass({ lane }: Departing, bytes: number, now: number): boolean {
    this.#now = now
    return this.#pacer?.mayPass(lane, bytes, now) ?? true
  }

  hold(sink: Departing, place: number, last: boolean, bytes: number, now: number): void {
    const pacer = this.#pacer as Pacer<Held>
    pacer.push({ sink, place, last }, sink.lane, bytes, now)
    this.#alarms.setBy(this.#alarm, pacer.nextTimeout())
  }

  /** A packet has left, with {@link sequenceNumber}. */
  sent(bytes: number, now: number): void {
    this.#link?.sent(this.sequenceNumber, bytes, now)
    this.sequenceNumber = (this.sequenceNumber + 1) & 0xffff
  }

  /** Sends all at once that was held back for it. */
  hurry(sink: Departing): void {
    if (!this.#pacer || this.#pacer.length === 0) return
    this.#pacer.removeIf(held => {
      if (held.sink === sink) sink.release(held.place, held.last, this.#now)
      return held.sink === sink
    })
  }

  close(): void {
    this.#alarms.clear(this.#alarm)
    this.#pacer = undefined
    this.#link = undefined
  }

  #depart(now: number): void {
    this.#now = now
    const pacer = this.#pacer
    if (!pacer) return
    for (let held = pacer.pop(now); held; held = pacer.pop(now)) held.sink.release(held.place, held.last, now)
    const next = pacer.nextTimeout()
    if (next < Number.POSITIVE_INFINITY) this.#alarms.set(this.#alarm, next)
  }
}
