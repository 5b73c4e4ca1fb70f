import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'

export interface Where {
  readonly host: string
  readonly port: number
  /** The name that the certificate must be for, if not the host. */
  readonly servername?: string
  /** The authority to trust, PEM; undefined: those that the system trusts. */
  readonly ca: string | undefined
  /** Trust this very certificate and no other, whatever else is wrong with it: SHA-256, upper-case hex with colons. */
  readonly pinned?: string
}

const connectMs = 3_000

/** A TLS connection whose far end has been verified. Rejects with the system's error or that of TLS. */
export async function secureSocket({ host, port, servername, ca, pinned }: Where): Promise<TLSSocket> {
  const name = servername ?? (isIP(host) ? undefined : host)
  const socket = connect({
    host,
    port,
    ...(name !== undefined && { servername: name }),
    ...(ca !== undefined && { ca }),
    rejectUnauthorized: pinned === undefined,
  })
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => socket.destroy(new Error(`no connection within ${connectMs / 1000} s`)), connectMs)
    socket.once('close', () => clearTimeout(late))
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      clearTimeout(late)
      socket.off('error', reject)
      resolve()
    })
  })
  if (pinned !== undefined && socket.getPeerX509Certificate()?.fingerprint256 !== pinned) {
    socket.destroy()
    throw new Error('another server answers there, with another certificate')
  }
  return socket
}
