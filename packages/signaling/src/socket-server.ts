import type { IncomingMessage } from 'node:http'
import { AppError, limits as protocolLimits, type Reply } from '@parley/protocol'
import { type DefaultEventsMap, Server, type Socket } from 'socket.io'
import { Backpressure } from './backpressure.ts'
import { answer } from './door.ts'
import type { Gate, GateEntry } from './gate.ts'
import { type Authenticated, readHandshake } from './handshake.ts'
import type { SignalingLimits } from './limits.ts'
import type { SignalingOptions } from './options.ts'
import type { Delivery } from './outbox/event-log.ts'
import type { Wire } from './outbox/outbox.ts'
import type { Clock, IceServerSource, Observer } from './ports.ts'
import { iceServersFor, type Session, type Visitor } from './sessions/session.ts'
import type { Switchboard } from './switchboard.ts'
import type { WebSocketEngine } from './web-sockets.ts'
import { within } from './within.ts'

interface SocketData extends Authenticated {
  readonly visitor: Visitor
}

type SessionSocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>
type Connection = SessionSocket['conn']

export interface SocketServerOptions
  extends Pick<SignalingOptions, 'httpServer' | 'authenticator' | 'iceServers' | 'version' | 'clientAddress'> {
  readonly gate: Gate
  readonly clock: Clock
  readonly observer: Observer
  readonly limits: SignalingLimits
  readonly WebSockets: WebSocketEngine
}

const pingMs = 5_000
const connectMs = 10_000
/** A client that can open a WebSocket has done so by then, ms. */
const upgradeMs = 10_000
/** How long clients are given to read that the server stops, ms. */
const farewellMs = 1_000

/** Sessions over Socket.IO: decides who may connect, passes requests in and events out. A session has one socket at most. */
export class SocketServer implements Wire {
  readonly #options: SocketServerOptions
  readonly #io: Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>
  readonly #sockets = new Map<string, SessionSocket>()
  /** Connections that already carry a session, or an attempt at one. */
  readonly #taken = new WeakSet<Connection>()
  readonly #entered = new WeakMap<Connection, { readonly entry: GateEntry; readonly backpressure: Backpressure }>()
  #board: Switchboard | undefined

  constructor(options: SocketServerOptions) {
    this.#options = options
    const { gate, limits, WebSockets } = options
    this.#io = new Server(options.httpServer, {
      path: '/socket.io',
      serveClient: false,
      wsEngine: WebSockets,
      transports: ['websocket', 'polling'],
      maxHttpBufferSize: protocolLimits.messageBytes,
      perMessageDeflate: false,
      httpCompression: false,
      pingInterval: pingMs,
      pingTimeout: pingMs,
      connectTimeout: connectMs,
      // An address over its limit is let in as far as being told so; over twice the limit it is not.
      allowRequest: (request, decide) => {
        const refusal = gate.refusal(request, limits.connectionsPerAddress)
        decide(refusal?.code, refusal === undefined)
      },
      cors: (request, decide) => decide(null, { origin: gate.knowsOrigin(request as IncomingMessage) }),
    })
    this.#io.engine.on('connection', (connection: Connection) => this.#connected(connection))
    // A WebSocket was asked for, but a proxy has removed the upgrade header.
    this.#io.engine.on('connection_error', ({ req }: { req?: IncomingMessage }) => {
      if (req?.url?.includes('transport=websocket') && req.headers.upgrade === undefined) {
        options.observer.connected('polling', req.headers)
      }
    })
    this.#io.use((socket, next) => {
      this.#readHandshake(socket).then(
        () => next(),
        error => next(this.#refusal(error, socket)),
      )
    })
  }

  get size(): number {
    return this.#sockets.size
  }

  /** Starts to let people in. */
  open(board: Switchboard): void {
    this.#board = board
    this.#io.on('connection', socket => this.#enter(socket, board))
  }

  deliver({ to, except, event, payload, n, droppable }: Delivery): void {
    const content = n === undefined ? [payload] : [payload, n]
    if (to.startsWith('session:')) {
      this.#sockets.get(to.slice('session:'.length))?.emit(event, ...content)
      return
    }
    const everybody = droppable ? this.#io.to(to).volatile : this.#io.to(to)
    const audience = except === undefined ? everybody : everybody.except(except)
    audience.emit(event, ...content)
  }

  join(session: string, channel: string): void {
    this.#sockets.get(session)?.join(channel)
  }

  leave(session: string, channel: string): void {
    this.#sockets.get(session)?.leave(channel)
  }

  /** The session is over: closes its socket, if it still has one, after everything that was sent has left. */
  dismiss(session: string): void {
    const socket = this.#sockets.get(session)
    if (!socket) return
    this.#sockets.delete(session)
    socket.conn.close()
  }

  /** Tells everybody, and disconnects them in a way that makes them reconnect. */
  async close(reason: string): Promise<void> {
    const { clock } = this.#options
    const now = clock.now()
    const connections = [...this.#sockets].map(([session, { conn }]) => {
      this.#board?.outbox.send(now, `session:${session}`, 'server.stopping', { reason })
      return conn
    })
    const closed = connections.map(conn => new Promise<void>(done => conn.once('close', () => done())))
    // Each closes once everything that was sent has left.
    for (const conn of connections) conn.close()
    await within(clock, farewellMs, Promise.all(closed))
    this.#io.engine.close()
  }

  /** Counts everything that arrives, before anything else reads it. */
  #connected(connection: Connection): void {
    const { gate, clock } = this.#options
    const { request } = connection
    const backpressure = new Backpressure(connection, {
      now: () => clock.now(),
      crowded: () => entry.owedTooMuch(),
      gaveUp: () => gate.refused('too-slow', request),
    })
    const entry = gate.enter(request, () => backpressure.queued)
    this.#entered.set(connection, { entry, backpressure })
    connection.once('close', () => entry.leave())
    // Makes everything that is flushed together leave in one system call.
    connection.on('flush', () => request.socket.cork())
    connection.on('drain', () => request.socket.uncork())
    connection.on('packet', ({ data }: { data?: { length: number } }) => {
      if (!entry.came(data?.length ?? 0)) connection.close(true)
    })
  }

  /** Reports the transport of clients that were let in; one that merely tests whether a WebSocket opens is no client. */
  #watchTransport({ conn, request }: SessionSocket): void {
    const { clock, observer } = this.#options
    const upgraded = () => observer.connected('websocket', request.headers)
    if (conn.transport.name === 'websocket') {
      upgraded()
      return
    }
    const late = clock.after(upgradeMs, () => observer.connected('polling', request.headers))
    conn.once('close', late)
    conn.once('upgrade', () => {
      late()
      upgraded()
    })
  }

  async #readHandshake(socket: SessionSocket): Promise<void> {
    const { conn } = socket
    if (this.#entered.get(conn)?.entry.crowded) throw new AppError('too-many-connections')
    if (this.#taken.has(conn)) throw new AppError('bad-request', 'This connection has a session already.')
    this.#taken.add(conn)
    try {
      const authenticated = await readHandshake(socket.handshake.auth, this.#options.authenticator)
      const visitor = { ...authenticated.visitor, source: this.#options.clientAddress(socket.request) }
      this.#board?.sessions.requireEntry(visitor, authenticated.after, this.#options.clock.now())
      Object.assign(socket.data, { ...authenticated, visitor })
    } catch (error) {
      this.#taken.delete(conn)
      throw error
    }
  }

  /** An error in the form that Socket.IO passes to the client: `connect_error` with the wire error as `data`. */
  #refusal(error: unknown, socket: SessionSocket): Error {
    const { gate, observer } = this.#options
    const refusal = error instanceof AppError ? error : new AppError('internal', undefined, { cause: error })
    if (refusal !== error) observer.error(error)
    gate.refused(refusal.code, socket.request)
    return Object.assign(new Error(refusal.message), { data: refusal.toJSON() })
  }

  #enter(socket: SessionSocket, board: Switchboard): void {
    const { clock, iceServers, version } = this.#options
    const { visitor, token, ticket, after } = socket.data
    const { conn } = socket
    const { entry, backpressure } = this.#entered.get(conn) ?? {}
    // It closed during authentication.
    if (!entry || !backpressure) {
      socket.disconnect(true)
      return
    }
    const now = clock.now()
    this.#announce(socket)
    this.#watchTransport(socket)
    const former = this.#sockets.get(visitor.id)
    this.#sockets.set(visitor.id, socket)
    former?.disconnect(true)
    const { session, missed, replaced } = board.sessions.enter({ ...visitor, source: entry.source }, after, now)
    for (const id of replaced) this.dismiss(id)
    const call = session.onlyRoom === undefined ? board.calls.of(session.identity) : undefined
    socket.emit('welcome', {
      session: session.id,
      identity: session.identity,
      ...(session.name === undefined ? {} : { name: session.name }),
      token,
      ticket,
      resumed: missed !== undefined,
      calls: call ? [call] : [],
      iceServers: iceServersFor(session, iceServers, socket.handshake.headers.host, now),
      version,
      ...(session.term.expiresAt !== undefined && { until: session.term.expiresAt }),
      at: now,
    })
    const before = backpressure.written
    for (const { event, payload, n } of missed ?? []) socket.emit(event, payload, n)
    board.spending.charge(session, now, backpressure.written - before)
    socket.join(board.outbox.channels(session.id).slice())
    this.#attend(socket, session, board, backpressure)
  }

  #announce({ data, request }: SessionSocket): void {
    const { observer, clientAddress } = this.#options
    const { host } = request.headers
    observer.arrived({ identity: data.visitor.claims.sub, address: clientAddress(request), host, clock: data.clock })
  }

  /** Listens to one session's socket until it closes. */
  #attend(socket: SessionSocket, session: Session, board: Switchboard, backpressure: Backpressure): void {
    const { clock, observer } = this.#options
    const { conn } = socket
    const { host } = socket.handshake.headers
    const { authenticator } = this.#options
    const iceServers: IceServerSource = {
      iceServers: (identity, _, until) => this.#options.iceServers.iceServers(identity, host, until),
    }
    let seenAt = clock.now()
    conn.on('packet', () => {
      seenAt = clock.now()
    })
    backpressure.notify({
      last: () => board.outbox.last,
      arrived: n => board.outbox.confirm(session.id, n),
    })
    socket.onAny((name: unknown, ...args: unknown[]) => {
      // Socket.IO delivers what it had already read even after a disconnection.
      if (!socket.connected) return
      const ack = typeof args.at(-1) === 'function' ? (args.pop() as (reply: unknown) => void) : undefined
      const [input = {}] = args
      const say = (reply: Reply) => {
        const before = backpressure.written
        ack?.(reply)
        board.spending.charge(session, clock.now(), backpressure.written - before)
      }
      const now = clock.now()
      const reply = answer({ board, iceServers, authenticator, session, now }, name, input, observer)
      if (reply instanceof Promise) void reply.then(say)
      else say(reply)
    })
    socket.on('disconnect', reason => {
      this.#taken.delete(conn)
      if (this.#sockets.get(session.id) !== socket) return
      this.#sockets.delete(session.id)
      if (reason === 'client namespace disconnect') board.sessions.lose(session, 'left', clock.now())
      else board.sessions.drop(session, seenAt)
    })
  }
}
