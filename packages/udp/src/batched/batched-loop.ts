// Not the global `performance`, which is a getter and slower at each use.
import { performance } from 'node:perf_hooks'
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { Arena, Epoll, SendBatch, Wake, watch } from '@parley/ffi'
import type { Address } from '../address/address.ts'
import { type ControlMessage, DEFAULT_MAX_DATAGRAM, type LoopOptions } from '../control.ts'
import { UdpError } from '../errors.ts'
import { ProgramCaller } from '../program.ts'
import { addStats, emptyStats, type UdpStats } from '../stats.ts'
import { requireReservable } from '../stretch.ts'
import { Ticker, waitMs } from '../ticker.ts'
import { type Loop, MAX_RESERVE, type OpenOptions, type Program } from '../types.ts'
import { BatchedSocket, type SocketHost, segmentationLimit } from './batched-socket.ts'
import { IcmpReader, Inbox } from './inbox.ts'
import { Outbox } from './outbox.ts'
import { Pace } from './pace.ts'
import { Payload } from './payload.ts'
import { requestUrgency } from './urgency.ts'

/** How many datagrams to take from one socket before the next one's turn, and from all before timeouts and messages get theirs. */
const PER_SOCKET = 64
const PER_TURN = 256
const READY = 256
const SEND = { messages: 256, parts: 1024 }
const MESSAGES_PER_TURN = 256
const MAX_WAIT_MS = 100
const WAKE = 0xffff_ffff

/** Sockets on epoll, recvmmsg and sendmmsg: Linux only, see `checkSockets` of ffi. */
export class BatchedLoop implements Loop {
  readonly kind = 'batched'
  readonly features: Loop['features']
  readonly #program: ProgramCaller
  readonly #onError: (error: unknown) => void
  readonly #arena: Arena
  readonly #epoll = new Epoll(READY)
  readonly #inbox: Inbox
  readonly #batch: SendBatch
  readonly #outbox: Outbox
  readonly #payload: Payload
  readonly #icmp = new IcmpReader()
  readonly #segmentLimit = segmentationLimit()
  readonly #sockets = new Map<number, BatchedSocket>()
  readonly #host: SocketHost = {
    queue: (socket, bytes, start, end, to) => this.#queue(socket, bytes, start, end, to),
    closing: socket => this.#forget(socket),
    flush: () => this.flush(),
  }
  #lastToken = 0
  /** Where among the ready sockets the next turn begins, so that none starves if a turn is too short for all. */
  #turnStart = 0
  readonly #closedStats = emptyStats()
  readonly #control: { readonly port: MessagePort; readonly wake: Wake } | undefined
  readonly #urgent: boolean
  readonly #pace = new Pace()
  #inTurn = false
  #stopped = false
  #closed = false
  #ticker: Ticker | undefined
  #unwatch: (() => void) | undefined

  constructor(options: LoopOptions) {
    const maxBytes = options.maxDatagramBytes ?? DEFAULT_MAX_DATAGRAM
    const { onError } = options
    this.#onError = onError
    this.#urgent = options.urgent ?? false
    this.#program = new ProgramCaller(onError)
    this.#arena = new Arena(Inbox.bytes(maxBytes) + SendBatch.bytes(SEND) + Payload.bytes)
    this.#inbox = new Inbox(this.#arena, { maxBytes, onError, now: this.now, onReuse: () => this.flush() })
    this.#batch = new SendBatch(this.#arena, SEND)
    this.#outbox = new Outbox(this.#batch)
    this.#payload = new Payload(this.#arena)
    this.features = { dontFragment: true, icmp: true, segmentation: this.#segmentLimit > 0 }
    const { control } = options
    if (!control) return
    if (!control.wake) throw new TypeError('a batched loop needs a wake beside its control port')
    this.#control = { port: control.port, wake: Wake.attach(control.wake) }
    this.#epoll.add(this.#control.wake.fd, WAKE)
  }

  now(): number {
    return performance.now()
  }

  open(options: OpenOptions): BatchedSocket {
    if (this.#closed) throw new Error('the loop is closed')
    do this.#lastToken = (this.#lastToken + 1) % WAKE
    while (this.#sockets.has(this.#lastToken))
    const socket = new BatchedSocket(this.#host, this.#lastToken, options, this.#segmentLimit)
    try {
      this.#epoll.add(socket.fd, socket.token)
    } catch (error) {
      socket.close()
      throw UdpError.from(error, socket.local.host, socket.local.port)
    }
    this.#sockets.set(socket.token, socket)
    return socket
  }

  flush(): void {
    this.#outbox.flush()
    this.#payload.clear()
  }

  get outgoing(): Uint8Array {
    return this.#payload.outgoing
  }

  reserve(length: number): number {
    requireReservable(length, MAX_RESERVE)
    if (!this.#payload.fits(length)) this.flush()
    return this.#payload.reserve(length)
  }

  trim(end: number): void {
    this.#payload.trim(end)
  }

  attach(program: Program): void {
    this.#program.set(program)
    const ticker = new Ticker(() => this.#turn(0), this.now)
    this.#ticker = ticker
    this.#unwatch = watch(this.#epoll.fd, () => ticker.run())
    ticker.poke()
  }

  async run(program: Program): Promise<void> {
    this.#program.set(program)
    if (this.#urgent) requestUrgency()
    let next = this.#turn(0)
    while (!this.#stopped) {
      const restUs = this.#pace.restUs(this.now())
      if (restUs > 0) this.#epoll.rest(restUs)
      next = this.#turn(waitMs(next - this.now(), MAX_WAIT_MS))
    }
  }

  stop(): void {
    this.#stopped = true
    this.#unwatch?.()
    this.#ticker?.close()
  }

  poke(): void {
    this.#ticker?.poke()
  }

  stats(): UdpStats {
    const sum = { ...this.#closedStats }
    for (const socket of this.#sockets.values()) addStats(sum, socket.stats())
    return sum
  }

  close(): void {
    this.stop()
    this.#closed = true
    for (const socket of this.#sockets.values()) socket.close()
    if (!this.#inTurn) this.#release()
  }

  /** Waits, then serves what is ready, within limits. Returns when it wants to be called again. */
  #turn(timeoutMs: number): number {
    this.#inTurn = true
    try {
      this.#inbox.rewind()
      const since = this.now()
      const ready = this.#epoll.wait(timeoutMs)
      if (ready > 0) {
        this.#pace.begin(since, this.now())
        this.#serve(ready)
      }
      const next = this.#program.tick(this.now())
      this.flush()
      return next
    } finally {
      this.#inTurn = false
      if (this.#closed) this.#release()
    }
  }

  #queue(socket: BatchedSocket, bytes: Uint8Array, start: number, end: number, to: Address): void {
    // Outside a turn, received bytes may be overwritten before they are sent; reserved ones may not.
    if (bytes === this.#payload.outgoing || (this.#inTurn && this.#isReceived(bytes))) {
      this.#outbox.add(socket, bytes.byteOffset + start, end - start, to)
    } else {
      if (!this.#payload.fits(end - start)) this.flush()
      this.#outbox.add(socket, this.#payload.copy(bytes, start, end), end - start, to)
    }
    if (!this.#inTurn) this.#ticker?.poke()
  }

  /** Mostly they are what was received last, which is cheaper to see than in whose memory they lie. */
  #isReceived(bytes: Uint8Array): boolean {
    return bytes === this.#inbox.latest || this.#payload.holds(bytes)
  }

  #forget(socket: BatchedSocket): void {
    this.flush()
    this.#sockets.delete(socket.token)
    addStats(this.#closedStats, socket.stats())
  }

  #serve(ready: number): void {
    for (let index = 0; index < ready; index++) if (this.#epoll.token(index) === WAKE) this.#listen()
    let left = PER_TURN
    for (let i = 0; i < ready && left > 0; i++) {
      const index = (this.#turnStart + i) % ready
      const socket = this.#sockets.get(this.#epoll.token(index))
      if (!socket) continue
      if (this.#epoll.failed(index)) this.#readErrors(socket)
      if (!socket.closed) left -= this.#inbox.take(socket, Math.min(left, PER_SOCKET))
      if (left === 0) this.#turnStart = (index + 1) % ready
    }
  }

  #listen(): void {
    const control = this.#control
    if (!control) return
    control.wake.drain()
    for (let count = 0; count < MESSAGES_PER_TURN; count++) {
      const received = receiveMessageOnPort(control.port)
      if (!received) return
      const message: ControlMessage = received.message
      if (message.kind === 'stop') this.stop()
      else this.#program.message(message.value, this.now())
    }
    control.wake.signal()
  }

  #readErrors(socket: BatchedSocket): void {
    const { onIcmp } = socket.options
    if (!onIcmp) return
    const now = this.now()
    this.#icmp.read(socket, error => {
      try {
        onIcmp(error, now)
      } catch (thrown) {
        this.#onError(thrown)
      }
    })
  }

  #release(): void {
    this.#epoll.close()
    this.#inbox.close()
    this.#batch.close()
    this.#icmp.close()
    this.#control?.wake.close()
    this.#arena.close()
  }
}
