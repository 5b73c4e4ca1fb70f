import type { Server } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { shareConnections } from './share-connections.ts'

export interface OnePortOptions {
  /** Takes a connection that speaks STUN, from its first byte on. Without it such a connection is closed. */
  readonly stun: ((socket: TLSSocket) => void) | undefined
  /** How long the first byte may take, ms. */
  readonly firstByteMs: number
}

/** Limits for connections that have not sent their first byte after the TLS handshake. */
const undecided = { most: 4096, perSource: 512 }

/** The first byte of every STUN request (RFC 8489 §5): two zero bits, and no method is that high. */
const highestStunByte = 0x03

/**
 * Lets STUN and HTTP share a TLS port: the first decrypted byte tells them apart, and HTTP never begins with a control
 * character. HTTP connections stay the server's own, with all its time limits. Returns a function that ends the connections
 * that are still undecided.
 */
export function splitByFirstByte(server: Server, { stun, firstByteMs }: OnePortOptions): () => void {
  const waiting = new Set<TLSSocket>()
  const decided = shareConnections(server, undecided)
  const serveHttp = server.listeners('secureConnection')
  server.removeAllListeners('secureConnection')

  function hand(socket: TLSSocket, first: Buffer): void {
    socket.unshift(first)
    if ((first[0] ?? 0xff) > highestStunByte) for (const serve of serveHttp) serve.call(server, socket)
    else if (stun) stun(socket)
    else socket.destroy()
  }

  server.on('secureConnection', socket => {
    waiting.add(socket)
    const close = () => socket.destroy()
    const late = setTimeout(close, firstByteMs)
    const settle = () => {
      clearTimeout(late)
      waiting.delete(socket)
      decided(socket)
      socket.off('readable', look).off('error', close).off('end', close).off('close', settle)
    }
    const look = () => {
      const first: Buffer | null = socket.read()
      if (first === null) return
      settle()
      hand(socket, first)
    }
    socket.on('readable', look).on('error', close).on('end', close).on('close', settle)
  })

  return () => {
    for (const socket of waiting) socket.destroy()
  }
}
