import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { AppError, tokenClaims } from '@parley/protocol'
import { type Authenticator, createSignaling, type Signaling } from '@parley/signaling'

/** Tokens are claims as JSON and tickets are plain: that they cannot be forged is tested elsewhere. */
function plainAuthenticator(): Authenticator {
  let guests = 0
  const read = (token: string) => {
    if (!token.startsWith('{')) throw new AppError('token-invalid')
    return { token, claims: tokenClaims.parse(JSON.parse(token)) }
  }
  return {
    authenticate: async token => read(token ?? JSON.stringify({ sub: `guest-${++guests}`, guest: true })),
    recognize: async token => read(token),
    issueTicket: async (session, identity) => `${session} ${identity}`,
    async verifyTicket(ticket, identity) {
      const [session, owner] = ticket.split(' ')
      return owner === identity ? session : undefined
    },
  }
}

export interface TestServer {
  readonly origin: string
  readonly signaling: Signaling
  /** Breaks every connection; the server knows everybody still. */
  breakConnections(): void
  stop(): Promise<void>
  /** Another server on the same port, which knows nothing. */
  start(): Promise<void>
}

/**
 * The real signalling server, and a page that runs a script, under one origin.
 * @param friend Another origin whose pages may connect.
 */
export async function startServer(script: string, friend?: string): Promise<TestServer> {
  let port = 0
  let http = createServer()
  let signaling: Signaling
  const sockets = new Set<Socket>()

  async function start(): Promise<void> {
    http = createServer((request, response) => {
      const isScript = request.url === '/page.js'
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
      response.end(isScript ? script : '<!doctype html><title>test</title><script src="/page.js"></script>')
    })
    http.on('connection', socket => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
    signaling = createSignaling({
      httpServer: http,
      authenticator: plainAuthenticator(),
      iceServers: { iceServers: () => [] },
      version: 'test',
      allowOrigin: (origin, host) => origin === friend || new URL(origin).host === host,
      clientAddress: request => request.socket.remoteAddress ?? 'unknown',
    })
    await new Promise<void>(resolve => http.listen(port, '127.0.0.1', resolve))
    port = (http.address() as AddressInfo).port
  }

  await start()
  return {
    origin: `http://localhost:${port}`,
    get signaling() {
      return signaling
    },
    breakConnections() {
      for (const socket of sockets) socket.destroy()
    },
    async stop() {
      await signaling.stop('test')
      http.closeAllConnections()
      await new Promise(resolve => http.close(resolve))
    },
    start,
  }
}
