import { createServer } from 'node:tls'
import type { Handover } from '@parley/edge'
import { openOwnFiles } from '../certificates/own-files.ts'
import type { PairFiles } from '../certificates/pair.ts'
import { listen } from '../http/listen.ts'
import { tlsOptions } from '../http/servers.ts'
import { shareConnections } from '../http/share-connections.ts'
import type { Log } from '../log/log.ts'

export interface TlsDoorOptions {
  /** Read again when they change. */
  readonly files: PairFiles
  readonly host: string
  readonly port: number
  /** A taken port may be replaced by the next free one. */
  readonly mayMove: boolean
  /** Takes the streams without their TLS. */
  readonly handover: Handover
  readonly log: Log
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A port on which TURN is served over TLS, and nothing else. */
export interface TlsDoor {
  readonly port: number
  /** Takes no new connections; those handed over are the handover's. */
  close(): void
}

/** Half-open connections may not stay, ms. */
const handshakeTimeout = 10_000
const connections = { most: 8192, perSource: 2048 }
const certificateCheckMs = 10_000
/** RFC 7443. */
const protocols = ['stun.turn', 'stun.nat-discovery']

/** Throws Failure, in words, where the certificate or the port cannot be used. */
export async function openTlsDoor({ files, handover, log, now, ...where }: TlsDoorOptions): Promise<TlsDoor> {
  const certificates = openOwnFiles({ files, now, log })
  const options = { ...tlsOptions(certificates.pair), handshakeTimeout, ALPNProtocols: protocols }
  const server = createServer(options, socket => handover.take(socket))
  shareConnections(server, connections)
  // Node tells of a handshake that failed or took too long, and leaves the connection open.
  server.on('tlsClientError', (_, socket) => socket.destroy())
  const port = await listen(server, { ...where, flag: '--turn-tls-port' })
  // From here on an error is an accept that failed.
  server.on('error', error => log.warn({ err: error }, 'TURN over TLS: a connection could not be accepted'))
  const refresh = setInterval(async () => {
    if (await certificates.refresh()) server.setSecureContext(tlsOptions(certificates.pair))
  }, certificateCheckMs).unref()
  return {
    port,
    close() {
      clearInterval(refresh)
      server.close()
    },
  }
}
