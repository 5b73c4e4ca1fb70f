import type { Server, Socket } from 'node:net'
import { Places, type PlacesOptions } from '@parley/net'

/**
 * Limits a server's connections by source address; when all are taken, the source with most gives up its oldest (see `Places`).
 * Returns a function that stops counting a connection, given the socket itself or the TLS socket on top of it. Without that it
 * counts until it ends.
 */
export function shareConnections(
  server: Server,
  limits: Omit<PlacesOptions<Socket>, 'giveUp'>,
): (connection: Socket) => void {
  const places = new Places<Socket>({ ...limits, giveUp: socket => socket.destroy() })
  /** By address and port of the far end: a TLS socket tells no more about the connection below it. */
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
