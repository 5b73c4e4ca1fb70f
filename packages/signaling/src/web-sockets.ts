import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { TokenBucket } from '@parley/net'
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws'
import type { Clock } from './ports.ts'

const bounds = {
  /** Fragments of one message: each is kept as an object, many times larger than the single byte that it may carry. */
  maxFragments: 64,
  maxBufferedChunks: 1024,
  /** How long a client has to answer our close frame, ms. */
  closeTimeout: 2_000,
}
/** The limit for pings and pongs of WebSocket itself, which nothing else counts. */
const controlFrames = { perSecond: 5, burst: 50 }
/** How long a message may take to arrive completely, ms. */
const wholeMs = 30_000
/** The header and mask of a control frame from a client (RFC 6455 §5.2), bytes. */
const controlHeader = 6
const sweepMs = 5_000
/** A client for which more bytes wait than this gets no time to answer our close frame. */
const farewellBytes = 64 * 1024

class ClosingSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (this.bufferedAmount > farewellBytes) this.terminate()
    else super.close(code, reason)
  }
}

/** How a WebSocket server is made, with limits on what an unfinished message and control frames cost. */
export type WebSocketEngine = new (options: ServerOptions) => WebSocketServer

/** Returns a class, since Engine.IO constructs its own server from it. */
export function webSocketEngine(clock: Clock): WebSocketEngine {
  return class extends WebSocketServer {
    readonly #unfinished = new Set<(now: number) => void>()
    #stopSweep: () => void

    constructor(options: ServerOptions) {
      super({ ...options, ...bounds, WebSocket: ClosingSocket })
      const sweep = () => {
        for (const look of this.#unfinished) look(clock.now())
        this.#stopSweep = clock.after(sweepMs, sweep)
      }
      this.#stopSweep = clock.after(sweepMs, sweep)
    }

    override handleUpgrade(
      request: IncomingMessage,
      socket: Duplex,
      head: Buffer,
      opened: (client: WebSocket, request: IncomingMessage) => void,
    ): void {
      super.handleUpgrade(request, socket, head, client => {
        this.#watch(client, request)
        opened(client, request)
      })
    }

    override close(done?: (error?: Error) => void): void {
      this.#stopSweep()
      super.close(done)
    }

    #watch(client: WebSocket, { socket }: IncomingMessage): void {
      const control = new TokenBucket(controlFrames, clock.now())
      let whole = socket.bytesRead
      let begun: number | undefined
      const look = (now: number) => {
        if (socket.bytesRead <= whole) return
        begun ??= now
        if (now - begun >= wholeMs) client.terminate()
      }
      // Control frames may come between the fragments of a message, and do not complete it.
      const controlled = (data: Buffer) => {
        whole = Math.min(whole + controlHeader + data.length, socket.bytesRead)
        if (!control.take(clock.now())) client.terminate()
      }
      this.#unfinished.add(look)
      client.on('message', () => {
        whole = socket.bytesRead
        begun = undefined
      })
      client.on('ping', controlled).on('pong', controlled)
      client.once('close', () => this.#unfinished.delete(look))
    }
  }
}
