import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ParleyServer, type StartOptions, startServer } from './server.ts'
import { loadTokenKey } from './tokens/key.ts'
import { createTokenService, type TokenService } from './tokens/token-service.ts'

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  text(): string
  json(): unknown
}

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A server on loopback and free ports with data of its own, and a client that trusts its authority and no other. */
export interface TestServer extends ParleyServer {
  readonly dataDir: string
  /** Signs with this server's key. */
  readonly tokens: TokenService
  ask(path: string, asked?: Asked): Promise<Answer>
  /** On the plain HTTP port. */
  askPlain(path: string, asked?: Asked): Promise<Answer>
}

/** @param ca whom to trust instead of the server's own authority, PEM */
export async function startTestServer(options: Partial<StartOptions> = {}, ca?: string): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-server-'))
  const server = await startServer({ host: '127.0.0.1', port: 0, httpPort: 0, udpPort: 'off', dataDir, ...options })
  const trusted = ca ?? server.authority?.pem
  return {
    ...server,
    dataDir,
    tokens: createTokenService(loadTokenKey(options.dataDir ?? dataDir), options.now ?? Date.now),
    ask: (path, asked) =>
      answer(httpsRequest, { host: '127.0.0.1', port: server.port, servername: 'localhost', path, ca: trusted }, asked),
    askPlain: (path, asked) => answer(httpRequest, { host: '127.0.0.1', port: server.httpPort, path }, asked),
    async close(reason) {
      await server.close(reason)
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function answer(
  send: typeof httpsRequest,
  where: object,
  { method = 'GET', headers = {}, body }: Asked = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = send({ agent: false, ...where, method, headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const whole = Buffer.concat(chunks)
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: whole,
          text: () => whole.toString(),
          json: () => JSON.parse(whole.toString()),
        })
      })
    })
    asking.on('error', reject)
    asking.end(body)
  })
}
