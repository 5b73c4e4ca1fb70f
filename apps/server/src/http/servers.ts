import {
  createServer as createHttp,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerOptions,
} from 'node:http'
import { createServer as createHttps, type Server as HttpsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { Holdings } from '@parley/signaling'
import type { Hono } from 'hono'
import type { Pair } from '../certificates/pair.ts'
import { within } from '../within.ts'
import type { Env } from './env.ts'

/** Nobody may hold a connection by being slow. Milliseconds and bytes. */
const strict: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 20_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
}

/** HTTP/1.1 alone, since WebSocket needs it; STUN and TURN by the names of RFC 7443, where a client says one. */
const protocols = ['http/1.1', 'stun.turn', 'stun.nat-discovery']

/** TLS as served. */
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
  /** How long an answer may take to be read whole, ms. */
  readonly answerMs: number
  /** What each source holds; undefined behind a proxy, where all connections are the proxy's. */
  readonly holdings: Holdings | undefined
}

/**
 * Bounds what a client holds by being slow or many: connections of one source, and the time in which it reads an answer.
 * Node itself bounds the time in which it sends a request.
 *
 * This is a source's share of the server's one budget, of both ports, for as long as a connection lasts, and nobody's is ended
 * for another. Connections that have not said what they are (`splitByFirstByte`) are bounded in all as well, of fewer a source,
 * and the oldest give way: what is right for half-open ones would cut off people in a meeting.
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

/** Nobody upgrades to anything but signalling and the relay; who tries is told so. */
export function refuseUnknownUpgrades({ url = '' }: IncomingMessage, socket: Duplex): void {
  if (/^\/(socket\.io|relay)\//.test(url)) return
  // A client that is gone already has nothing to read.
  socket.on('error', () => socket.destroy())
  socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
}

/** Takes no new connections, lets running answers finish for `graceMs`, then cuts what is left. */
export async function closeServer(server: HttpServer | HttpsServer, graceMs: number): Promise<void> {
  if (!server.listening) return
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  server.closeIdleConnections()
  // An answer that ends now leaves an idle connection behind, which nobody would close.
  const sweep = setInterval(() => server.closeIdleConnections(), 100)
  // Upgraded connections are their owners' to close; one that was forgotten must not keep us.
  if (!(await within(graceMs, closed))) server.closeAllConnections()
  clearInterval(sweep)
}
