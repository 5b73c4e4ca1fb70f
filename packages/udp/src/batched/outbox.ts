import { EAGAIN, EINTR, EINVAL, EIO, EMSGSIZE, type Fd, NAME_WORDS } from '@parley/ffi'
import type { Address } from '../address/address.ts'
import type { UdpStats } from '../stats.ts'

const ENTRIES = 1024
const TABLE = 1024
const NONE = -1
/** Limits of UDP_SEGMENT: how many datagrams a message is cut into, and their bytes together. */
const MAX_SEGMENTS = 64
const MAX_RUN_BYTES = 65_000

/** The way to the kernel: `SendBatch` of ffi, or a test's substitute. */
export interface SendPort {
  readonly names: Int32Array
  readonly count: number
  clear(): void
  fits(parts: number): boolean
  part(offset: number, length: number): void
  message(segment: number): void
  transmit(fd: Fd, first: number): number
}

/** What the outbox needs to know about a socket, and keeps in it. */
export interface Sender {
  readonly fd: Fd
  readonly version: 4 | 6
  readonly counters: UdpStats
  /** Makes hashes differ between sockets. */
  readonly salt: number
  /** The kernel keeps ICMP errors for it, and reports each one also as the result of an unrelated call. */
  readonly reportsErrors: boolean
  /** The largest datagrams that the kernel may be asked to cut for it; 0 for none. */
  segmentLimit: number
  /** Its runs in this flush; -1 for none. */
  firstRun: number
  lastRun: number
}

/** A datagram's place in the queue. */
interface Place {
  run: number
  entry: number
}

/**
 * Collects the datagrams of a turn, and sends them with as few system calls as possible. Datagrams of equal size from one
 * socket to one address become a run: a single message, which the kernel cuts up (UDP_SEGMENT). Order is kept within a flow
 * (one socket to one address), but not between flows. Payload must stay where it is until `flush`.
 */
export class Outbox {
  readonly #port: SendPort
  // Datagrams; `next` is the one that follows in the same run.
  readonly #offset = new Int32Array(ENTRIES)
  readonly #length = new Int32Array(ENTRIES)
  readonly #next = new Int32Array(ENTRIES)
  #entries = 0
  // Runs; `nextRun` is the one that follows of the same socket.
  readonly #runTo: Address[] = []
  readonly #runFirst = new Int32Array(ENTRIES)
  readonly #runLast = new Int32Array(ENTRIES)
  readonly #runCount = new Int32Array(ENTRIES)
  readonly #runSize = new Int32Array(ENTRIES)
  readonly #runBytes = new Int32Array(ENTRIES)
  readonly #runSender: Sender[] = []
  readonly #nextRun = new Int32Array(ENTRIES)
  #runs = 0
  /**
   * The newest run of each flow, by the flow's hash. Only the newest may grow, or else the order would change. Entries left over
   * from earlier flushes do no harm: if they match a run of this flush, that run has written the entry itself.
   */
  readonly #newest = new Int32Array(TABLE).fill(NONE)
  readonly #senders: Sender[] = []
  #senderCount = 0
  /** How far the runs of a sender have been made into messages. */
  readonly #place: Place = { run: NONE, entry: NONE }
  // The messages in the current batch.
  readonly #messageRun = new Int32Array(ENTRIES)
  readonly #messageEntry = new Int32Array(ENTRIES)
  readonly #messageCount = new Int32Array(ENTRIES)

  constructor(port: SendPort) {
    this.#port = port
  }

  get empty(): boolean {
    return this.#entries === 0
  }

  /** Queues the `length` bytes at `offset` in the arena. If there is no room, first sends what is queued. */
  add(sender: Sender, offset: number, length: number, to: Address): void {
    if (this.#entries === ENTRIES) this.flush()
    const entry = this.#entries++
    this.#offset[entry] = offset
    this.#length[entry] = length
    this.#next[entry] = NONE

    const place = (to.hash ^ sender.salt) & (TABLE - 1)
    const newest = this.#newest[place] as number
    if (newest !== NONE && newest < this.#runs && this.#joins(newest, sender, length, to)) {
      this.#next[this.#runLast[newest] as number] = entry
      this.#runLast[newest] = entry
      this.#runCount[newest]!++
      this.#runBytes[newest]! += length
      // Only the last datagram of a run may be shorter.
      if (length < (this.#runSize[newest] as number)) this.#newest[place] = NONE
      return
    }
    this.#newest[place] = this.#open(sender, entry, length, to)
  }

  /** Sends everything. */
  flush(): void {
    if (this.#entries === 0) return
    for (let index = 0; index < this.#senderCount; index++) this.#send(this.#senders[index] as Sender)
    this.#senderCount = 0
    this.#entries = 0
    this.#runs = 0
  }

  #joins(run: number, sender: Sender, length: number, to: Address): boolean {
    const size = this.#runSize[run] as number
    return (
      length > 0 &&
      length <= size &&
      size <= sender.segmentLimit &&
      (this.#runCount[run] as number) < MAX_SEGMENTS &&
      (this.#runBytes[run] as number) + length <= MAX_RUN_BYTES &&
      this.#runSender[run] === sender &&
      (this.#runTo[run] as Address).equals(to)
    )
  }

  #open(sender: Sender, entry: number, length: number, to: Address): number {
    const run = this.#runs++
    this.#runTo[run] = to
    this.#runSender[run] = sender
    this.#runFirst[run] = entry
    this.#runLast[run] = entry
    this.#runCount[run] = 1
    this.#runSize[run] = length
    this.#runBytes[run] = length
    this.#nextRun[run] = NONE
    if (sender.firstRun === NONE) {
      sender.firstRun = run
      this.#senders[this.#senderCount++] = sender
    } else {
      this.#nextRun[sender.lastRun] = run
    }
    sender.lastRun = run
    return run
  }

  #send(sender: Sender): void {
    const place = this.#place
    place.run = sender.firstRun
    place.entry = this.#runFirst[sender.firstRun] as number
    sender.firstRun = NONE
    sender.lastRun = NONE
    /** A run that the kernel refused to cut is sent datagram by datagram. If that works, so are later ones of its size. */
    let split = NONE
    let limit = sender.segmentLimit
    while (place.run !== NONE) {
      this.#fill(sender, place, split)
      let message = 0
      let retried = NONE
      while (message < this.#port.count) {
        const result = this.#port.transmit(sender.fd, message)
        if (result > 0) {
          this.#countSent(sender, message, result)
          if (this.#messageRun[message] === split) sender.segmentLimit = Math.min(sender.segmentLimit, limit)
          message += result
          continue
        }
        const error = -result
        if (error === EINTR) continue
        if (error === EAGAIN) {
          sender.counters.blocked += this.#countFrom(message)
          return
        }
        // The error may be about something sent earlier (an ICMP message); then the second attempt succeeds.
        if (sender.reportsErrors && retried !== message) {
          retried = message
          continue
        }
        if ((this.#messageCount[message] as number) > 1) {
          split = this.#messageRun[message] as number
          limit = this.#limitAfter(error, split, sender)
          place.run = split
          place.entry = this.#messageEntry[message] as number
          break
        }
        sender.counters.failed++
        message++
      }
    }
  }

  /** The largest size that the kernel may still be asked to cut, if this run's datagrams can be sent one by one. */
  #limitAfter(error: number, run: number, sender: Sender): number {
    if (error === EIO) return 0 // The device cannot do it.
    const tooLarge = error === EINVAL || error === EMSGSIZE
    return tooLarge ? (this.#runSize[run] as number) - 1 : sender.segmentLimit
  }

  /** Makes messages of as many datagrams from `place` on as fit, and moves `place` past them. */
  #fill(sender: Sender, place: Place, split: number): void {
    const port = this.#port
    port.clear()
    while (place.run !== NONE) {
      const run = place.run
      const to = this.#runTo[run] as Address
      const count = this.#runCount[run] as number
      const whole = count > 1 && run !== split && (this.#runSize[run] as number) <= sender.segmentLimit
      while (place.entry !== NONE) {
        const parts = whole ? count : 1
        if (!port.fits(parts)) return
        const message = port.count
        this.#messageRun[message] = run
        this.#messageEntry[message] = place.entry
        this.#messageCount[message] = parts
        to.write(port.names, message * NAME_WORDS, sender.version)
        for (let part = 0; part < parts; part++) {
          port.part(this.#offset[place.entry] as number, this.#length[place.entry] as number)
          place.entry = this.#next[place.entry] as number
        }
        port.message(whole ? (this.#runSize[run] as number) : 0)
      }
      place.run = this.#nextRun[run] as number
      if (place.run !== NONE) place.entry = this.#runFirst[place.run] as number
    }
  }

  #countSent(sender: Sender, first: number, count: number): void {
    for (let message = first; message < first + count; message++) {
      let entry = this.#messageEntry[message] as number
      for (let left = this.#messageCount[message] as number; left > 0; left--) {
        sender.counters.sent++
        sender.counters.sentBytes += this.#length[entry] as number
        entry = this.#next[entry] as number
      }
    }
  }

  /** How many datagrams of this socket, from `message` on, have not been sent. */
  #countFrom(message: number): number {
    let count = 0
    let entry = this.#messageEntry[message] as number
    for (let run = this.#messageRun[message] as number; run !== NONE; run = this.#nextRun[run] as number) {
      for (; entry !== NONE; entry = this.#next[entry] as number) count++
      const next = this.#nextRun[run] as number
      if (next !== NONE) entry = this.#runFirst[next] as number
    }
    return count
  }
}
