import { createServer, type Server, type Socket } from 'node:net'
import { type Cidr, IpAddress } from '@parley/stun'
import { readProxyHeader, StreamClient, type StreamClientOptions, WaitingClients } from '@parley/turn'
import { Address } from '@parley/udp'

/** Connections at one time; more wait or are refused by the system. */
const mostConnections = 8192
/** Of one source without an allocation. */
const mostWaiting = 64
const headerMs = 5_000

export interface StreamsOptions extends Pick<StreamClientOptions, 'server' | 'loop'> {
  /** Who connects from there begins with a PROXY header, which says who the client is. */
  readonly proxies: readonly Cidr[]
}

/** The clients that reach us over streams, and the sockets they come by. */
export class Streams {
  readonly #options: StreamsOptions
  readonly #waiting = new WaitingClients(mostWaiting)
  readonly #servers: Server[] = []
  readonly #open = new Set<Socket>()

  constructor(options: StreamsOptions) {
    this.#options = options
  }

  /** Plain TCP. Resolves with the port; rejects with the system's error. */
  async listen(host: string, port: number): Promise<number> {
    const server = await this.#serve({ host, port }, socket => {
      if (socket.remoteAddress === undefined || socket.remotePort === undefined) {
        socket.destroy()
        return
      }
      const from = Address.parse(socket.remoteAddress, socket.remotePort)
      if (this.#isProxy(from)) this.#awaitHeader(socket, 'tcp', from)
      else this.#client(socket, from, 'tcp')
    })
    const address = server.address()
    return typeof address === 'object' && address ? address.port : port
  }

  /** Streams whose TLS was taken off, behind a PROXY header. */
  async listenForHandover(path: string): Promise<void> {
    await this.#serve({ path }, socket => this.#awaitHeader(socket, 'tls', undefined))
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

  #isProxy(from: Address): boolean {
    const { proxies } = this.#options
    if (proxies.length === 0) return false
    const ip = IpAddress.from(from.bytes())
    return proxies.some(network => network.contains(ip))
  }

  #client(socket: Socket, client: Address, transport: 'tcp' | 'tls'): void {
    const { server, loop } = this.#options
    const local = socket.localAddress && Address.parse(socket.localAddress, 0).host
    new StreamClient(socket, { server, loop, client, transport, local, waiting: this.#waiting })
  }

  /** `proxy` is the client where the header says that it speaks for itself, such as to see whether we are there. */
  #awaitHeader(socket: Socket, transport: 'tcp' | 'tls', proxy: Address | undefined): void {
    let begun = Buffer.alloc(0)
    const late = setTimeout(() => socket.destroy(), headerMs)
    const failed = () => socket.destroy()
    const done = () => {
      clearTimeout(late)
      socket.off('error', failed).off('data', read).off('close', done)
    }
    const read = (chunk: Buffer) => {
      begun = Buffer.concat([begun, chunk])
      const header = readProxyHeader(begun)
      if (header.is === 'more') return
      done()
      const client = header.is === 'whole' ? (header.client ?? proxy) : undefined
      if (header.is === 'bad' || !client) {
        socket.destroy()
        return
      }
      socket.pause()
      if (begun.length > header.consumed) socket.unshift(begun.subarray(header.consumed))
      this.#client(socket, client, transport)
      socket.resume()
    }
    socket.on('error', failed).on('data', read).on('close', done)
  }
}
