import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError, type CallOutcome, type ErrorCode, tokenClaims } from '@parley/protocol'
import { FakeClock } from '@parley/testkit'
import type { Arrival, Authenticator, Observer, Signaling, SignalingOptions } from '../index.ts'
import { createSignaling } from '../signaling.ts'

/** What the observer has been told. */
interface Heard {
  readonly requests: [string, string][]
  readonly refused: ErrorCode[]
  readonly outcomes: CallOutcome[]
  readonly errors: unknown[]
  readonly arrivals: Arrival[]
  readonly connected: ('websocket' | 'polling')[]
  relayedBytes: number
}

export interface TestServer {
  readonly url: string
  readonly port: number
  readonly clock: FakeClock
  readonly signaling: Signaling
  readonly heard: Heard
  readonly http: Server
  close(): Promise<void>
}

export interface TestServerOptions extends Partial<Omit<SignalingOptions, 'httpServer' | 'clock' | 'observer'>> {
  readonly clock?: FakeClock
  readonly port?: number
  /** Whether a token is needed. */
  readonly closed?: boolean
}

/** Tokens are claims as JSON, with `exp` in ms, and tickets are plain text: these tests are not about proving who somebody is. */
export function testAuthenticator(closed = false, now = () => 0): Authenticator {
  let guests = 0
  const read = (text: string) => {
    if (text === 'expired') throw new AppError('token-expired')
    try {
      const { exp, ...claims } = JSON.parse(text)
      return { token: text, claims: tokenClaims.parse(claims), ...(exp !== undefined && { expiresAt: exp }) }
    } catch (error) {
      throw new AppError('token-invalid', undefined, { cause: error })
    }
  }
  return {
    async authenticate(token) {
      if (token === undefined && closed) throw new AppError('unauthorized')
      const pass = read(token ?? JSON.stringify({ sub: `guest-${++guests}`, guest: true }))
      if (pass.expiresAt !== undefined && pass.expiresAt <= now()) throw new AppError('token-expired')
      return pass
    },
    async recognize(token) {
      return read(token)
    },
    issueTicket: async (session, identity) => `ticket ${session} ${identity}`,
    async verifyTicket(ticket, identity) {
      const [word, session, owner] = ticket.split(' ')
      return word === 'ticket' && owner === identity ? session : undefined
    },
  }
}

/** The real server, on a port that the system chooses, with a clock that stands still until it is advanced. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { clock = new FakeClock(), port: wanted = 0, closed = false, ...rest } = options
  const heard: Heard = {
    requests: [],
    refused: [],
    outcomes: [],
    errors: [],
    arrivals: [],
    connected: [],
    relayedBytes: 0,
  }
  const observer: Observer = {
    request: (name, outcome) => void heard.requests.push([name, outcome]),
    relayed(bytes) {
      heard.relayedBytes += bytes
    },
    callEnded: outcome => void heard.outcomes.push(outcome),
    refused: code => void heard.refused.push(code),
    arrived: guest => void heard.arrivals.push(guest),
    connected: by => void heard.connected.push(by),
    error: error => void heard.errors.push(error),
  }
  const http = createServer((_, response) => void response.writeHead(404).end())
  const signaling = createSignaling({
    httpServer: http,
    clock,
    observer,
    authenticator: testAuthenticator(closed, () => clock.now()),
    iceServers: { iceServers: identity => [{ urls: ['stun:stun.test'], username: identity }] },
    version: '1.2.3',
    allowOrigin: origin => origin === 'https://meet.test',
    clientAddress: request => request.socket.remoteAddress ?? 'unknown',
    ...rest,
  })
  await new Promise<void>(done => http.listen(wanted, '127.0.0.1', done))
  const { port } = http.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    clock,
    signaling,
    heard,
    http,
    async close() {
      await signaling.stop('test over')
      http.closeAllConnections()
      await new Promise(done => http.close(done))
    },
  }
}
