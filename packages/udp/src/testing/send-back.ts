import type { Datagram } from '../types.ts'

/** A handler that echoes, from where the datagram lies. */
export function sendBack({ bytes, start, end, from, socket }: Datagram): void {
  socket.send(bytes, start, end, from)
}
