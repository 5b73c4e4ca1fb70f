import { Address, HEADROOM, type IcmpError, type OpenOptions, TAILROOM, UdpError, type UdpSocket } from '@parley/udp'

const noStats = {
  received: 0,
  receivedBytes: 0,
  truncated: 0,
  sent: 0,
  sentBytes: 0,
  blocked: 0,
  failed: 0,
  refused: 0,
  icmp: 0,
  overruns: undefined,
}

/** One machine's kernel, as far as sockets can tell: what one sends to another's address is delivered by `deliver`. */
export class FakeNet {
  readonly sockets = new Map<string, FakeSocket>()
  readonly #queue: { to: Address; from: Address; bytes: Uint8Array }[] = []
  /** What went to addresses at which nobody is. */
  readonly outside: { to: string; from: string; bytes: Uint8Array }[] = []
  now = 0
  opened = 0
  /** What the next sockets fail with. */
  failure: string | undefined

  readonly open = (options: OpenOptions): FakeSocket => {
    const { address, port = 0 } = options
    if (this.failure) throw new UdpError(this.failure, address, port)
    const socket = new FakeSocket(this, options)
    if (this.sockets.has(socket.local.key)) throw new UdpError('EADDRINUSE', address, port)
    this.sockets.set(socket.local.key, socket)
    this.opened++
    return socket
  }

  /** A socket that keeps what it receives. */
  peer(address: string, port: number): FakePeer {
    const got: { text: string; from: string }[] = []
    const socket = this.open({
      address,
      port,
      onDatagram: ({ bytes, start, end, from }) => {
        got.push({ text: new TextDecoder().decode(bytes.subarray(start, end)), from: from.key })
      },
    })
    const say = (text: string, to: Address) => {
      const bytes = new TextEncoder().encode(text)
      socket.send(bytes, 0, bytes.length, to)
      this.deliver()
    }
    return { address: socket.local, got, say }
  }

  queue(bytes: Uint8Array, from: Address, to: Address): void {
    this.#queue.push({ bytes, from, to })
  }

  /** Brings everything that was sent to where it goes, and what is sent because of that. */
  deliver(): void {
    for (let sent = this.#queue.shift(); sent; sent = this.#queue.shift()) {
      const { to, from, bytes } = sent
      const socket = this.sockets.get(to.key)
      if (socket) socket.receive(bytes, from, this.now)
      else this.outside.push({ to: to.key, from: from.key, bytes })
    }
  }
}

interface FakePeer {
  readonly address: Address
  readonly got: { readonly text: string; readonly from: string }[]
  readonly say: (text: string, to: Address) => void
}

export class FakeSocket implements UdpSocket {
  readonly local: Address
  readonly dual = false
  readonly buffers = { receive: 0, send: 0 }
  closed = false
  dontFragment = false
  /** Whether each datagram was sent whole. */
  readonly whole: boolean[] = []
  readonly #net: FakeNet
  readonly #options: OpenOptions

  constructor(net: FakeNet, options: OpenOptions) {
    this.#net = net
    this.#options = options
    this.local = Address.parse(options.address, options.port ?? 0)
  }

  send(bytes: Uint8Array, start: number, end: number, to: Address): boolean {
    if (this.closed) return false
    this.whole.push(this.dontFragment)
    this.#net.queue(bytes.slice(start, end), this.local, to)
    return true
  }

  receive(bytes: Uint8Array, from: Address, now: number): void {
    const slab = new Uint8Array(HEADROOM + bytes.length + TAILROOM).fill(0xee)
    slab.set(bytes, HEADROOM)
    this.#options.onDatagram({ bytes: slab, start: HEADROOM, end: HEADROOM + bytes.length, from, socket: this }, now)
  }

  /** The network says what became of a datagram. */
  icmp(error: Omit<IcmpError, 'version'>): void {
    this.#options.onIcmp?.({ version: error.to.version, ...error }, this.#net.now)
  }

  setDontFragment(on: boolean): boolean {
    this.dontFragment = on
    return true
  }

  stats() {
    return { ...noStats }
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.#net.sockets.delete(this.local.key)
  }
}
