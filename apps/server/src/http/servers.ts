import {
  createServer as createHttp,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerOptions,
} from 'node:http'
import { createServer as createHttps, type Server as HttpsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { within } from '@parley/edge'
import type { Holdings } from '@parley/signaling'
import type { Hono } from 'hono'
import type { Pair } from '../certificates/pair.ts'
import type { Env } from './env.ts'

/** Limits against clients that hold a connection by being slow, in milliseconds and bytes. */
const strict: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 20_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
}

/** HTTP/1.1 alone, since WebSocket needs it; STUN and TURN by the names of RFC 7443, where a client says one. */
const protocols = ['http/1.1', 'stun.turn', 'stun.nat-discovery']

/** The TLS settings of the HTTPS port. */
export function tlsOptions(pair: Pair) {
  return { cert: pair.cert, key: pair.key, minVersion: 'TLSv1.2' as const }
}

export function httpsServer(app: Hono<Env>, pair: Pair): HttpsServer {
  const options = { ...strict, ...tlsOptions(pair), handshakeTimeout: 10_000, ALPNProtocols: protocols }
  return createHttps(options, requestListener(app))
}

export function httpServer(app: Hono<Env>): HttpServer {
  return createHttp(strict, requestListener(app))
}

function requestListener(app: Hono<Env>) {
  return getRequestListener(app.fetch, { overrideGlobalObjects: false })
}

export interface PatienceOptions {
  /** How long a client may take to read an answer, ms. */
  readonly answerMs: number
  /** What each source holds; undefined behind a proxy, where all connections are the proxy's. */
  readonly holdings: Holdings | undefined
}

/**
 * Bounds what clients can hold by being slow or many: the connections of a source, and the time to read an answer. Node itself bounds
 * the time to send a request.
 *
 * Both ports share one budget for each source, a connection counts for as long as it lasts, and none is ended in favour of another.
 * Undecided connections (`splitByFirstByte`) have a smaller limit, a total, and the oldest give way: to do that here would cut
 * off people in a meeting.
 */
export function limitPatience(server: HttpServer | HttpsServer, { answerMs, holdings }: PatienceOptions): void {
  server.on('connection', socket => {
    if (!holdings) return
    const hold = holdings.take(socket.remoteAddress ?? '', 'connections')
    if (hold) socket.once('close', hold.release)
    else socket.destroy()
  })
  server.on('request', ({ socket }, response) => {
    const late = setTimeout(() => socket.destroy(), answerMs).unref()
    response.once('close', () => clearTimeout(late))
  })
}

/** Answers 404 to upgrades of anything but signalling and the relay. */
export function refuseUnknownUpgrades({ url = '' }: IncomingMessage, socket: Duplex): void {
  if (/^\/(socket\.io|relay)\//.test(url)) return
  // The client may be gone already.
  socket.on('error', () => socket.destroy())
  socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
}

/** Accepts no new connections, gives running answers `graceMs` to finish, then cuts what is left. */
export async function closeServer(server: HttpServer | HttpsServer, graceMs: number): Promise<void> {
  if (!server.listening) return
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  server.closeIdleConnections()
  // An answer that ends from now on leaves an idle connection, which nobody else would close.
  const sweep = setInterval(() => server.closeIdleConnections(), 100)
  // Upgraded connections are closed by their owners; a forgotten one must not keep the server open.
  if (!(await within(graceMs, closed))) server.closeAllConnections()
  clearInterval(sweep)
}
