import type { Server, Socket } from 'node:net'
import { Places, type PlacesOptions } from '@parley/net'

/**
 * Shares a server's connections by source address: a source gets only so many, and when there are no more the one with most
 * gives up its oldest (see `Places`). Returns what is told of a connection, the TLS on it or itself, that counts no longer;
 * else it counts until it ends.
 */
export function shareConnections(
  server: Server,
  limits: Omit<PlacesOptions<Socket>, 'giveUp'>,
): (connection: Socket) => void {
  const places = new Places<Socket>({ ...limits, giveUp: socket => socket.destroy() })
  /** By its far end, which is all that TLS on a connection tells of it. */
  const byEnd = new Map<string, Socket>()
  server.on('connection', socket => {
    const { remoteAddress } = socket
    if (remoteAddress === undefined || !places.enter(remoteAddress, socket)) {
      socket.destroy()
      return
    }
    const end = endOf(socket)
    byEnd.set(end, socket)
    socket.once('close', () => {
      places.leave(socket)
      byEnd.delete(end)
    })
  })
  return connection => {
    const socket = byEnd.get(endOf(connection))
    if (socket) places.leave(socket)
  }
}

function endOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
