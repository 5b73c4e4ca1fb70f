import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { Places } from '@parley/net'
import { proxyHeader } from '@parley/turn'
import { Address } from '@parley/udp'

/** Streams at one time, and of one source; each costs a descriptor here and one in the edge process. */
const places = { most: 8192, perSource: 2048 }

/** Hands streams to the edge process once their TLS is off. */
export interface Handover {
  /** The local socket on which the edge listens: reachable for this user alone. */
  readonly path: string
  take(socket: TLSSocket): void
  /** Ends every stream and removes the socket. */
  close(): void
}

export function createHandover(): Handover {
  const windows = process.platform === 'win32'
  const folder = windows ? undefined : mkdtempSync(join(tmpdir(), 'parley-'))
  const path = folder === undefined ? `\\\\.\\pipe\\parley-${randomUUID()}` : join(folder, 'turn.sock')
  const streams = new Set<TLSSocket>()
  const shared = new Places<TLSSocket>({ ...places, giveUp: socket => socket.destroy() })

  return {
    path,
    take(socket) {
      const { remoteAddress, remotePort, localAddress, localPort } = socket
      const known = remoteAddress !== undefined && remotePort !== undefined && localAddress !== undefined
      if (!known || !shared.enter(remoteAddress, socket)) {
        socket.destroy()
        return
      }
      streams.add(socket)
      socket.setNoDelay(true)
      const inner = connect({ path, noDelay: true })
      const from = Address.parse(remoteAddress, remotePort)
      inner.write(proxyHeader({ from, to: Address.parse(localAddress, localPort ?? 0) }))
      // An edge that is down, a client that is gone: either end takes the other with it, and the client tries again.
      const over = () => {
        streams.delete(socket)
        shared.leave(socket)
        socket.destroy()
        inner.destroy()
      }
      pipeline(socket, inner, over)
      pipeline(inner, socket, over)
    },
    close() {
      for (const socket of streams) socket.destroy()
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
