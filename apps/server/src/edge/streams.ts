import { createServer, type Server, type Socket } from 'node:net'
import { DecodeError } from '@parley/bytes'
import { StreamClient, type StreamClientOptions } from '@parley/turn'
import { Address } from '@parley/udp'
import { readProxyHeader } from './proxy-header.ts'

/** Connections at one time; more wait or are refused by the system. */
const mostConnections = 8192
const headerMs = 5_000

/** The clients that reach us over streams, and the sockets they come by. */
export class Streams {
  readonly #options: Pick<StreamClientOptions, 'server' | 'loop'>
  readonly #servers: Server[] = []
  readonly #open = new Set<Socket>()

  constructor(options: Pick<StreamClientOptions, 'server' | 'loop'>) {
    this.#options = options
  }

  /** Plain TCP. Resolves with the port; rejects with the system's error. */
  async listen(host: string, port: number): Promise<number> {
    const server = await this.#serve({ host, port }, socket => {
      if (socket.remoteAddress === undefined || socket.remotePort === undefined) socket.destroy()
      else this.#client(socket, Address.parse(socket.remoteAddress, socket.remotePort), 'tcp')
    })
    const address = server.address()
    return typeof address === 'object' && address ? address.port : port
  }

  /** Streams whose TLS was taken off, behind a PROXY header. */
  async listenForHandover(path: string): Promise<void> {
    await this.#serve({ path }, socket => this.#awaitHeader(socket))
  }

  /** Ends the listening alone. */
  async closeListeners(): Promise<void> {
    await Promise.all(
      this.#servers.splice(0).map(server => new Promise<void>(resolve => server.close(() => resolve()))),
    )
  }

  /** Ends everything. */
  async close(): Promise<void> {
    const closed = this.closeListeners()
    for (const socket of this.#open) socket.destroy()
    await closed
  }

  #serve(where: { host: string; port: number } | { path: string }, take: (socket: Socket) => void): Promise<Server> {
    const server = createServer({ noDelay: true, keepAlive: true }, socket => {
      this.#open.add(socket)
      socket.once('close', () => this.#open.delete(socket))
      take(socket)
    })
    server.maxConnections = mostConnections
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(where, () => {
        server.off('error', reject)
        this.#servers.push(server)
        resolve(server)
      })
    })
  }

  #client(socket: Socket, client: Address, transport: 'tcp' | 'tls'): void {
    new StreamClient(socket, { ...this.#options, client, transport })
  }

  #awaitHeader(socket: Socket): void {
    let begun = Buffer.alloc(0)
    const late = setTimeout(() => socket.destroy(), headerMs)
    const failed = () => socket.destroy()
    const done = () => {
      clearTimeout(late)
      socket.off('error', failed).off('data', read).off('close', done)
    }
    const read = (chunk: Buffer) => {
      begun = Buffer.concat([begun, chunk])
      const header = parse(begun)
      if (header === 'more') return
      done()
      if (header === 'wrong') {
        socket.destroy()
        return
      }
      socket.pause()
      if (begun.length > header.length) socket.unshift(begun.subarray(header.length))
      this.#client(socket, header.from, 'tls')
      socket.resume()
    }
    socket.on('error', failed).on('data', read).on('close', done)
  }
}

function parse(begun: Buffer) {
  try {
    return readProxyHeader(begun) ?? 'more'
  } catch (error) {
    if (error instanceof DecodeError) return 'wrong'
    throw error
  }
}
