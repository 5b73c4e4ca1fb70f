import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError, type ErrorCode, errorCodes, limits, roomName, type TokenClaims } from '@parley/protocol'
import type { RawData, WebSocket, WebSocketServer } from 'ws'
import { innocentBytes, queueBytes } from '../backpressure.ts'
import type { Gate } from '../gate.ts'
import type { SignalingLimits } from '../limits.ts'
import type { SignalingOptions } from '../options.ts'
import type { Authenticator, Clock, Observer, Pass } from '../ports.ts'
import type { Bans, Newcomer } from '../rights/bans.ts'
import { endOf } from '../rights/term.ts'
import type { Spending } from '../spending.ts'
import type { WebSocketEngine } from '../web-sockets.ts'
import { within } from '../within.ts'
import { RelayPeer } from './relay-peer.ts'
import { RelayRooms } from './relay-rooms.ts'

export interface RelayServerOptions extends Pick<SignalingOptions, 'tokenEnd'> {
  readonly bans: Bans
  readonly gate: Gate
  readonly authenticator: Authenticator
  readonly clock: Clock
  readonly observer: Observer
  readonly limits: SignalingLimits
  readonly spending: Spending
  readonly WebSockets: WebSocketEngine
}

const path = '/relay/'
const heartbeatMs = 10_000
const authMs = 10_000
/** How long peers are given to close their connection when the server stops, ms. */
const farewellMs = 1_000

/** The plain relay on WebSockets: `/relay/<room>`. */
export class RelayServer {
  readonly #options: RelayServerOptions
  readonly #server: WebSocketServer
  readonly #rooms: RelayRooms
  /** Every connection, with the ping that it has not answered yet; a pong for no ping does not prove that it reads. */
  readonly #pinged = new Map<WebSocket, string | undefined>()
  /** For each connection, a check that closes it if it may no longer stay. */
  readonly #peers = new Map<WebSocket, (now: number) => void>()
  #stopHeartbeat: () => void

  constructor(options: RelayServerOptions) {
    this.#options = options
    this.#server = new options.WebSockets({
      noServer: true,
      maxPayload: limits.messageBytes,
      perMessageDeflate: false,
      clientTracking: false,
    })
    this.#rooms = new RelayRooms(options.limits.relayPeers)
    this.#stopHeartbeat = options.clock.after(heartbeatMs, () => this.#heartbeat())
  }

  get size(): number {
    return this.#pinged.size
  }

  /** Handles an upgrade if it is for the relay; returns false if it is not. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const url = request.url?.split('?', 1)[0] ?? ''
    if (!url.startsWith(path)) return false
    const room = roomName.safeParse(decode(url.slice(path.length)))
    const refusal = room.success ? this.#options.gate.refusal(request) : new AppError('bad-request')
    if (refusal || !room.success) refuse(socket, refusal ?? new AppError('bad-request'))
    else void this.#accept(request, socket, head, room.data)
    return true
  }

  /** Authenticates before the connection opens, so that a guest who needs no token is a member from the first message on. */
  async #accept(request: IncomingMessage, socket: Duplex, head: Buffer, room: string): Promise<void> {
    const { authenticator, gate, observer } = this.#options
    // The client may hang up meanwhile. Once the connection is open, `ws` handles its errors.
    const gone = () => socket.destroy()
    socket.on('error', gone)
    try {
      const guest = await authenticator.authenticate(undefined).catch(error => {
        if (error instanceof AppError && error.code === 'unauthorized') return undefined
        throw error
      })
      // Others from the same address may have connected meanwhile.
      const refusal = gate.refusal(request)
      if (refusal) refuse(socket, refusal)
      else
        this.#server.handleUpgrade(request, socket, head, ws => {
          socket.off('error', gone)
          this.#open(ws, room, guest, request)
        })
    } catch (error) {
      observer.error(error)
      refuse(socket, new AppError('internal'))
    }
  }

  async close(reason: string): Promise<void> {
    this.#stopHeartbeat()
    const closed = [...this.#pinged.keys()].map(ws => new Promise(done => ws.once('close', done)))
    for (const ws of this.#pinged.keys()) ws.close(1001, reason.slice(0, 100))
    await within(this.#options.clock, farewellMs, Promise.all(closed))
    for (const ws of this.#pinged.keys()) ws.terminate()
    this.#server.close()
  }

  /** Closes the connections of everybody who may no longer stay. */
  expel(now: number): void {
    for (const look of this.#peers.values()) look(now)
  }

  #whyGo(pass: Pass, room: string, source: string, now: number): ErrorCode | undefined {
    const { bans, tokenEnd } = this.#options
    const end = tokenEnd === 'leave' ? endOf(pass, now) : undefined
    return end?.code ?? bans.refusal(newcomerOf(pass.claims, room, source), now)
  }

  #open(ws: WebSocket, room: string, guest: Pass | undefined, request: IncomingMessage): void {
    const { bans, gate, authenticator, clock, observer, spending, limits: caps } = this.#options
    const entry = gate.enter(request, () => ws.bufferedAmount)
    this.#pinged.set(ws, undefined)
    const end = (code: ErrorCode) => ws.close(4000 + errorCodes[code].status, code)
    const { source } = entry
    let pass: Pass | undefined = guest
    this.#peers.set(ws, now => {
      const code = pass && this.#whyGo(pass, room, source, now)
      if (code) end(code)
    })
    const peer = new RelayPeer(
      {
        room,
        rooms: this.#rooms,
        claims: guest?.claims,
        rate: caps.relayMessages,
        spending,
        source,
        async authenticate(token) {
          pass = await authenticator.authenticate(token)
          return pass.claims
        },
        admit: claims => bans.check(newcomerOf(claims, room, source), clock.now()),
        send(text) {
          const owed = ws.bufferedAmount
          if (owed <= innocentBytes || (owed <= queueBytes && !entry.owedTooMuch())) ws.send(text)
          else {
            gate.refused('too-slow', request)
            ws.terminate()
          }
        },
        end,
        relayed: bytes => observer.relayed(bytes),
        error: error => observer.error(error),
      },
      clock.now(),
    )
    const stopWaiting = clock.after(authMs, () => {
      if (!peer.admitted) end('unauthorized')
    })
    ws.on('pong', data => {
      if (data.toString() === this.#pinged.get(ws)) this.#pinged.set(ws, undefined)
    })
    ws.on('message', (data, isBinary) => {
      if (!entry.came(bytesOf(data))) {
        end('rate-limited')
        return
      }
      peer.receive(!isBinary && Buffer.isBuffer(data) ? data.toString() : undefined, clock.now())
    })
    // A bad frame (too long, not UTF-8) closes this connection only; `close` follows.
    ws.on('error', () => gate.refused('bad-request', request))
    ws.on('close', () => {
      this.#pinged.delete(ws)
      this.#peers.delete(ws)
      stopWaiting()
      entry.leave()
      peer.close()
    })
  }

  #heartbeat(): void {
    this.expel(this.#options.clock.now())
    for (const [ws, unanswered] of this.#pinged) {
      if (unanswered === undefined) {
        const ping = randomUUID()
        this.#pinged.set(ws, ping)
        ws.ping(ping)
      } else ws.terminate()
    }
    this.#stopHeartbeat = this.#options.clock.after(heartbeatMs, () => this.#heartbeat())
  }
}

function bytesOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.length, 0) : data.byteLength
}

function newcomerOf({ sub, guest }: TokenClaims, room: string, source: string): Newcomer {
  return { room, identity: sub, guest, source }
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

function refuse(socket: Duplex, error: AppError): void {
  const body = JSON.stringify(error)
  const { status } = errorCodes[error.code]
  // The client may be gone already, which must not throw.
  socket.on('error', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${error.code}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
