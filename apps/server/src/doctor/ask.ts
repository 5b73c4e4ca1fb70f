import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'

export interface Where {
  readonly host: string
  readonly port: number
  /** What the certificate has to be for, if not the host. */
  readonly servername?: string
  /** Whom to trust, PEM; undefined: whom the system trusts. */
  readonly ca: string | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

const answerMs = 5_000

/** GET over HTTPS with the certificate checked. Rejects with the system's or the TLS error. */
export function ask(where: Where, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { ca, ...rest } = where
  const signal = AbortSignal.timeout(answerMs)
  return new Promise((resolve, reject) => {
    const asking = request(
      { ...rest, ...(ca !== undefined && { ca }), agent: false, path, headers, signal },
      answer => {
        answer.toArray().then(
          chunks =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text: Buffer.concat(chunks).toString(),
            }),
          reject,
        )
      },
    )
    asking.on('error', reject)
    asking.end()
  })
}
