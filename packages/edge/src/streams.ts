import { createServer, type Server, type Socket } from 'node:net'
import { type Cidr, IpAddress, Places } from '@parley/net'
import { emptyIceTcpCounters, IceTcpBridge, streamKind } from '@parley/sfu'
import { readProxyHeader, StreamClient, type StreamClientOptions } from '@parley/turn'
import { Address, type Loop } from '@parley/udp'
import type { BridgePorts } from './bridge-ports.ts'
import type { Outside } from './outside.ts'
import { readAhead } from './read-ahead.ts'

/** Connections at one time, and of one source: 128 people behind one NAT who have each a dozen. */
const connections = { most: 8192, perSource: 2048 }
/** Of these, such as have not shown yet whose they are. */
const unproved = { most: 4096, perSource: 512 }
const firstBytesMs = 5_000

export interface StreamsOptions extends Pick<StreamClientOptions, 'server'> {
  readonly loop: Loop
  readonly outside: Outside
  readonly bridges: BridgePorts
  /** Who connects from there begins with a PROXY header, which says who the client is. */
  readonly proxies: readonly Cidr[]
  /** Told what goes wrong with a listening socket. */
  readonly onError: (error: unknown) => void
}

/** A port that is listened on. */
export interface Listening {
  readonly port: number
  /** Ends the listening alone. */
  close(): Promise<void>
}

/** The clients that reach us over streams, and the sockets they come by. */
export class Streams {
  readonly iceTcp = emptyIceTcpCounters()
  readonly #options: StreamsOptions
  readonly #places = new Places<Socket>({ ...connections, giveUp: socket => socket.destroy() })
  readonly #unproved = new Places<Socket>({ ...unproved, giveUp: socket => socket.destroy() })
  readonly #servers: Server[] = []
  readonly #open = new Set<Socket>()

  constructor(options: StreamsOptions) {
    this.#options = options
  }

  /**
   * Plain TCP: TURN and, with `worker`, ICE for the worker at that UDP address. Rejects with the system's error.
   */
  async listen(host: string, port: number, worker?: (port: number) => Address): Promise<Listening> {
    const server = await this.#serve({ host, port }, socket => {
      if (socket.remoteAddress === undefined || socket.remotePort === undefined) {
        socket.destroy()
        return
      }
      const from = Address.parse(socket.remoteAddress, socket.remotePort)
      const take = (client: Address) => this.#byProtocol(socket, client, worker?.(socket.localPort ?? port))
      if (this.#isProxy(from)) this.#awaitHeader(socket, from, take)
      else take(from)
    })
    const address = server.address()
    return {
      port: typeof address === 'object' && address ? address.port : port,
      close: () => closed(server),
    }
  }

  /** Streams whose TLS was taken off, behind a PROXY header. */
  async listenForHandover(path: string): Promise<void> {
    await this.#serve({ path }, socket =>
      this.#awaitHeader(socket, undefined, client => this.#client(socket, client, 'tls')),
    )
  }

  /** Ends everything. */
  async close(): Promise<void> {
    const ended = Promise.all(this.#servers.splice(0).map(closed))
    for (const socket of this.#open) socket.destroy()
    await ended
  }

  #serve(where: { host: string; port: number } | { path: string }, take: (socket: Socket) => void): Promise<Server> {
    const { onError } = this.#options
    const server = createServer({ noDelay: true, keepAlive: true }, socket => {
      this.#open.add(socket)
      socket.once('close', () => {
        this.#open.delete(socket)
        this.#places.leave(socket)
        this.#unproved.leave(socket)
      })
      take(socket)
    })
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(where, () => {
        // From here on an error is an accept that failed, for want of descriptors or because the client is gone.
        server.off('error', reject).on('error', onError)
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

  /** Whether there is a place for one more of where that client is; else the connection ends. */
  #enter(socket: Socket, client: Address): boolean {
    const source = client.bytes()
    const entered = this.#places.enter(source, socket) && this.#unproved.enter(source, socket)
    if (!entered) socket.destroy()
    return entered
  }

  #client(socket: Socket, client: Address, transport: 'tcp' | 'tls'): void {
    if (!this.#enter(socket, client)) return
    const { server, loop, outside } = this.#options
    outside.stream(client)
    const local = socket.localAddress && Address.parse(socket.localAddress, 0).host
    new StreamClient(socket, { server, loop, client, transport, local, proved: () => this.#unproved.leave(socket) })
  }

  /** `proxy` is the client where the header says that it speaks for itself, such as to see whether we are there. */
  #awaitHeader(socket: Socket, proxy: Address | undefined, take: (client: Address) => void): void {
    readAhead(socket, firstBytesMs, begun => {
      const header = readProxyHeader(begun)
      if (header.is === 'more') return 'more'
      const client = header.is === 'whole' ? (header.client ?? proxy) : undefined
      if (header.is === 'bad' || !client) return 'wrong'
      return { consumed: header.consumed, take: () => take(client) }
    })
  }

  /** TURN or, where media is forwarded, ICE: by the first bytes. */
  #byProtocol(socket: Socket, client: Address, worker: Address | undefined): void {
    if (!worker) {
      this.#client(socket, client, 'tcp')
      return
    }
    if (!this.#enter(socket, client)) return
    const judge = (begun: Buffer) => {
      const kind = streamKind(begun)
      if (kind === 'more') return 'more'
      const take = () => (kind === 'ice' ? this.#bridge(socket, client, worker) : this.#client(socket, client, 'tcp'))
      return { consumed: 0, take }
    }
    readAhead(socket, firstBytesMs, judge)
  }

  #bridge(socket: Socket, client: Address, worker: Address): void {
    const { loop, outside, bridges } = this.#options
    outside.stream(client)
    this.#unproved.leave(socket)
    try {
      const register = bridges.of(client)
      new IceTcpBridge(socket, { loop, worker, bind: worker.host, counters: this.iceTcp, register })
    } catch (error) {
      socket.destroy()
      this.#options.onError(error)
    }
  }
}

function closed(server: Server): Promise<void> {
  return new Promise(resolve => server.close(() => resolve()))
}
