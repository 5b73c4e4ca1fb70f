import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { secureSocket, type Where } from './secure-socket.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

const answerMs = 5_000

/** GET over HTTPS with the certificate checked. Rejects with the system's or the TLS error. */
export async function ask(where: Where, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const socket = await secureSocket(where)
  const signal = AbortSignal.timeout(answerMs)
  return new Promise((resolve, reject) => {
    const { host, port } = where
    const asking = request({ host, port, createConnection: () => socket, path, headers, signal }, answer => {
      answer.toArray().then(chunks => {
        socket.destroy()
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text: Buffer.concat(chunks).toString(),
        })
      }, reject)
    })
    // A proxy that switches protocols has answered too.
    asking.on('upgrade', ({ statusCode = 0, headers }) => {
      socket.destroy()
      resolve({ status: statusCode, headers, text: '' })
    })
    asking.on('error', reject)
    asking.end()
  })
}
