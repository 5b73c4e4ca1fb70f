import { connect, createServer, type Server, type Socket } from 'node:net'
import { Address, type Loop } from '@parley/udp'
import type { PeerStream, TcpDoor, TcpListening, TcpPort } from '../server/tcp-port.ts'

const connectMs = 30_000
/** Connections that wait to be accepted. */
const backlog = 16

/** The connections of relayed TCP addresses on Node's sockets. */
export class NodeTcpPort implements TcpPort {
  readonly #loop: Pick<Loop, 'now' | 'poke'>

  constructor(loop: Pick<Loop, 'now' | 'poke'>) {
    this.#loop = loop
  }

  listen(listening: TcpListening, done: (door: TcpDoor | undefined, now: number) => void): void {
    const loop = this.#loop
    const door = new NodeTcpDoor(listening, loop)
    door.open(opened => {
      done(opened ? door : undefined, loop.now())
      loop.poke()
    })
  }
}

class NodeTcpDoor implements TcpDoor {
  readonly #listening: TcpListening
  readonly #loop: Pick<Loop, 'now' | 'poke'>
  #server: Server | undefined
  #closed = false
  #paused = false

  constructor(listening: TcpListening, loop: Pick<Loop, 'now' | 'poke'>) {
    this.#listening = listening
    this.#loop = loop
  }

  open(done: (opened: boolean) => void): void {
    const { address: host, port, onConnection } = this.#listening
    const server = createServer({ noDelay: true, keepAlive: true, pauseOnConnect: true }, socket => {
      const { remoteAddress, remotePort } = socket
      if (this.#closed || remoteAddress === undefined || remotePort === undefined) {
        socket.destroy()
        return
      }
      onConnection(peerStream(socket, Address.parse(remoteAddress, remotePort)), this.#loop.now())
      this.#loop.poke()
    })
    this.#server = server
    let listening = false
    // Once it listens, an error is an accept that failed: it costs that connection alone.
    server.on('error', () => {
      if (!listening) done(false)
    })
    server.listen({ host, port, backlog, exclusive: true, ipv6Only: true }, () => {
      listening = true
      if (this.#closed) server.close()
      done(true)
    })
  }

  /**
   * Linux lets no socket bind the port of one that listens, but lets one listen on a port that others are connected from.
   * So the listening pauses while the connection gets its port, for a turn of the event loop; whoever connects in
   * that moment is refused.
   */
  connect(to: Address, done: (stream: PeerStream | undefined, now: number) => void): void {
    const { address: localAddress, port: localPort } = this.#listening
    this.#pause()
    const socket = connect({ host: to.host, port: to.port, localAddress, localPort, noDelay: true, keepAlive: true })
    socket.pause()
    const late = setTimeout(() => socket.destroy(), connectMs)
    let answered = false
    const answer = (stream: PeerStream | undefined) => {
      if (answered) return
      answered = true
      clearTimeout(late)
      done(stream, this.#loop.now())
      this.#loop.poke()
    }
    const stream = peerStream(socket, to)
    socket.once('connect', () => answer(stream))
    socket.once('close', () => answer(undefined))
  }

  close(): void {
    this.#closed = true
    this.#server?.close()
  }

  #pause(): void {
    if (this.#paused) return
    this.#paused = true
    this.#server?.close()
    setImmediate(() => {
      this.#paused = false
      if (this.#closed) return
      this.open(opened => {
        if (!opened && !this.#closed) this.#listening.onLost()
      })
    })
  }
}

function peerStream(socket: Socket, peer: Address): PeerStream {
  socket.on('error', () => socket.destroy())
  return { peer, stream: socket }
}
