import type { Duplex } from 'node:stream'
import { byteAt, uint16At } from '@parley/bytes'
import { Backlog } from '@parley/net'
import { methodCodeOfType, methods, packetKindAt } from '@parley/stun'
import type { Address, Datagram, Loop, UdpSocket } from '@parley/udp'
import { FrameReader, putFrameLength } from './framing.ts'

/** How many bytes may wait for a slow client. */
const mostWaiting = 512 * 1024
/** A client to whom the worker sends nothing for so long is disconnected. */
const idleMs = 30_000
/** The largest datagram that a worker takes. */
const mostFrame = 2048

/** What all bridges count together. */
export interface IceTcpCounters {
  /** How many are open now. */
  connections: number
  /** Frames from clients. */
  received: number
  /** Frames to clients. */
  sent: number
  /** Frames to clients that were dropped because they read too slowly. */
  dropped: number
  /** Frames from clients that were too large, or neither ICE, DTLS nor RTP. */
  refused: number
}

export function emptyIceTcpCounters(): IceTcpCounters {
  return { connections: 0, received: 0, sent: 0, dropped: 0, refused: 0 }
}

export interface IceTcpBridgeOptions {
  readonly loop: Pick<Loop, 'open' | 'now'>
  /** The worker's UDP address, and ours to reach it from. */
  readonly worker: Address
  readonly bind: string
  readonly counters: IceTcpCounters
  /** Told of our port on `bind`, for as long as it is open. */
  readonly register?: { add(port: number): void; delete(port: number): void }
}

/**
 * Carries one client's ICE-TCP connection (RFC 6544, passive side; RFC 4571) to a worker's UDP port and back. It uses a UDP socket
 * of its own, so that the worker sees a peer like any other. Passes only connectivity checks, DTLS and RTP; no TURN. It ends with
 * the stream, and `close` ends both.
 */
export class IceTcpBridge {
  readonly #stream: Duplex
  readonly #options: IceTcpBridgeOptions
  readonly #socket: UdpSocket
  readonly #reader: FrameReader
  readonly #backlog = new Backlog(mostWaiting)
  readonly #idle: NodeJS.Timeout
  #heard = false
  #closed = false

  /** Throws UdpError if it gets no socket. */
  constructor(stream: Duplex, options: IceTcpBridgeOptions) {
    const { loop, bind, counters, register } = options
    this.#stream = stream
    this.#options = options
    this.#socket = loop.open({ address: bind, onDatagram: datagram => this.#toClient(datagram) })
    register?.add(this.#socket.local.port)
    counters.connections++
    this.#reader = new FrameReader({
      maxFrameBytes: mostFrame,
      onFrame: (bytes, start, end) => this.#toWorker(bytes, start, end),
      onOversized: () => counters.refused++,
    })
    this.#idle = setInterval(() => {
      if (!this.#heard) this.close()
      this.#heard = false
    }, idleMs).unref()
    stream.on('data', (chunk: Buffer) => this.#reader.push(chunk))
    stream.on('error', () => this.close())
    stream.on('end', () => this.close())
    stream.on('close', () => this.close())
  }

  /** May be called twice. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#options.counters.connections--
    clearInterval(this.#idle)
    this.#reader.close()
    this.#options.register?.delete(this.#socket.local.port)
    this.#socket.close()
    this.#stream.destroy()
  }

  #toWorker(bytes: Uint8Array, start: number, end: number): void {
    const { counters, worker } = this.#options
    if (!isMedia(bytes, start, end)) {
      counters.refused++
      return
    }
    counters.received++
    this.#socket.send(bytes, start, end, worker)
  }

  #toClient({ bytes, start, end, from }: Datagram): void {
    const { counters, worker, loop } = this.#options
    // Any process on this machine can send to our socket.
    if (this.#closed || !from.equals(worker)) return
    this.#heard = true
    const verdict = this.#backlog.judge(this.#stream.writableLength, loop.now())
    if (verdict !== 'send') {
      counters.dropped++
      if (verdict === 'close') this.close()
      return
    }
    const frame = Buffer.allocUnsafe(2 + end - start)
    frame.set(bytes.subarray(start, end), putFrameLength(frame, 0, end - start))
    this.#stream.write(frame)
    counters.sent++
  }
}

/** Whether a frame is DTLS, RTP or a STUN binding message, which is all that ICE uses. */
function isMedia(bytes: Uint8Array, start: number, end: number): boolean {
  const kind = packetKindAt(bytes, start, end)
  if (kind !== 'stun') return kind === 'dtls' || kind === 'rtp'
  return byteAt(bytes, start) <= 3 && methodCodeOfType(uint16At(bytes, start)) === methods.binding
}
