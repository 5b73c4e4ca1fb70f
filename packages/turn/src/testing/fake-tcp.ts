import { Duplex } from 'node:stream'
import { Address } from '@parley/udp'
import type { PeerStream, TcpDoor, TcpListening, TcpPort } from '../server/tcp-port.ts'
import type { TcpRelaying } from '../server/turn-server.ts'
import type { FakeNet } from './fake-net.ts'

/** One end of a connection: keeps what is written to it, and says what it is told to. */
class FakeStream extends Duplex {
  written = ''

  constructor() {
    super({ emitClose: true })
  }

  say(text: string): void {
    this.push(text)
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.written += chunk.toString()
    done()
  }
}

/** The TCP side of a fake machine: peers accept, refuse or stay silent as they are told; all happens at once. */
export class FakeTcp implements TcpPort {
  readonly #net: FakeNet
  readonly doors = new Map<string, TcpListening>()
  /** Who accepts: the streams that were made to them. */
  readonly accepted: { readonly from: string; readonly to: string; readonly stream: FakeStream }[] = []
  /** Connections to these are answered only by {@link settle}. */
  readonly slow = new Set<string>()
  readonly refusing = new Set<string>()
  /** What is to be done by {@link settle}. */
  readonly #later: (() => void)[] = []
  /** No port can be had. */
  full = false

  constructor(net: FakeNet) {
    this.#net = net
  }

  /** RFC 6062 on it, to every port. */
  get everywhere(): TcpRelaying {
    return { port: this, peerPorts: [[1, 65_535]] }
  }

  listen(listening: TcpListening, done: (door: TcpDoor | undefined, now: number) => void): void {
    const key = Address.parse(listening.address, listening.port).key
    if (this.full || this.doors.has(key)) {
      done(undefined, this.#net.now)
      return
    }
    this.doors.set(key, listening)
    const door: TcpDoor = {
      connect: (to, answer) => {
        const act = () => answer(this.#connect(key, to), this.#net.now)
        if (this.slow.has(to.key)) this.#later.push(act)
        else act()
      },
      close: () => void this.doors.delete(key),
    }
    done(door, this.#net.now)
  }

  /** Somebody connects to a relayed address. */
  knock(at: Address, from: Address): FakeStream {
    const stream = new FakeStream()
    const door = this.doors.get(at.key)
    if (door) door.onConnection({ peer: from, stream }, this.#net.now)
    else stream.destroy()
    return stream
  }

  /** Lets slow peers answer. */
  settle(): void {
    for (const act of this.#later.splice(0)) act()
  }

  #connect(from: string, to: Address): PeerStream | undefined {
    if (this.refusing.has(to.key)) return undefined
    const stream = new FakeStream()
    this.accepted.push({ from, to: to.key, stream })
    return { peer: to, stream }
  }
}
