import type { Address } from './address/address.ts'
import type { UdpStats } from './stats.ts'

/** Bytes before and after every received datagram that its handler may write to, and send with it. */
export const HEADROOM = 64
export const TAILROOM = 64

/** The most bytes that `Loop.reserve` hands out at once. */
export const MAX_RESERVE = 65_536

/** The largest payload of a UDP datagram over IPv4. */
export const MAX_PAYLOAD = 65_507

/**
 * A received datagram. The handler may use and change the object and its bytes until it returns, and must copy what it wants
 * to keep. The exception: once the bytes were given to `send`, they must not be written to any more.
 */
export interface Datagram {
  /** The payload lies from `start` to `end`. The {@link HEADROOM} bytes before and the {@link TAILROOM} after it are free. */
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  readonly from: Address
  readonly socket: UdpSocket
}

/** An ICMP error about an earlier datagram (IP_RECVERR, ip(7)). `type` and `code` are those of ICMP or ICMPv6. */
export interface IcmpError {
  readonly version: 4 | 6
  readonly type: number
  readonly code: number
  /** The path's MTU, for "fragmentation needed" and "packet too big"; else 0. */
  readonly mtu: number
  /** Whom the datagram was for. */
  readonly to: Address
}

export interface OpenOptions {
  /** The local address as text, IPv4 or IPv6: `0.0.0.0`, `::`, `192.168.1.20`, `fe80::1%eth0`. */
  readonly address: string
  /** Default 0: any free port. */
  readonly port?: number
  /** With `::`, carry IPv4 too. IPv4 addresses look as they do on an IPv4 socket. */
  readonly dual?: boolean
  /** SO_RCVBUF and SO_SNDBUF in bytes. What the kernel granted is in `UdpSocket.buffers`. */
  readonly receiveBufferBytes?: number
  readonly sendBufferBytes?: number
  /** Called for each datagram, with the loop's time in milliseconds. What it throws goes to the loop's `onError`. */
  readonly onDatagram: (datagram: Datagram, now: number) => void
  /** Called for each ICMP error, if the loop has `features.icmp`. */
  readonly onIcmp?: (error: IcmpError, now: number) => void
}

/** A bound datagram socket. Nothing that arrives from the network ever closes it. */
export interface UdpSocket {
  readonly local: Address
  /** Whether it carries IPv4 too, though its own address is IPv6. */
  readonly dual: boolean
  readonly closed: boolean
  /** The sizes of the kernel's buffers, by its own count: Linux doubles what was asked for. */
  readonly buffers: { readonly receive: number; readonly send: number }
  /**
   * Queues `bytes` from `start` to `end`. The loop sends at the end of its turn, in order for each receiver. Received bytes
   * are sent from where they lie (see {@link Datagram}); others are copied, and may be reused at once. Returns false if the
   * datagram cannot be sent, and counts that (`UdpStats.refused`, `blocked`). Throws RangeError if the range is not within
   * `bytes`.
   */
  send(bytes: Uint8Array, start: number, end: number, to: Address): boolean
  /** Forbids or allows to fragment what is sent from now on (RFC 8656 §15). Returns false if this loop cannot do that. */
  setDontFragment(on: boolean): boolean
  stats(): UdpStats
  /** Sends what is queued, then closes. No handler is called from then on. May be called twice. */
  close(): void
}

/** What a loop drives: the protocols behind the sockets. What these methods throw goes to the loop's `onError`. */
export interface Program<Message = unknown> {
  /** When `handleTimeout` is due, on the clock of `now`; Infinity for never. Asked after everything that happens. */
  nextTimeout(): number
  handleTimeout(now: number): void
  /** Called for each message that came through the loop's control port. */
  handleMessage?(message: Message, now: number): void
}

/** Opens sockets and drives them, with a program, from one thread. */
export interface Loop {
  readonly kind: 'batched' | 'portable'
  readonly features: {
    /** `setDontFragment` works. */
    readonly dontFragment: boolean
    /** `onIcmp` is called. */
    readonly icmp: boolean
    /** Datagrams of equal size to one receiver are passed to the kernel as one (UDP_SEGMENT). */
    readonly segmentation: boolean
  }
  /** Milliseconds on a clock that never goes back, since an arbitrary moment. */
  now(): number
  /** Opens and binds a socket, synchronously. Throws UdpError, or RangeError for options that make no sense. */
  open(options: OpenOptions): UdpSocket
  /** Sends what is queued now, without waiting for the end of the turn. */
  flush(): void
  /**
   * Memory to write datagrams into, from the offset that {@link reserve} returns. If `send` is given this very object, it
   * sends without copying.
   */
  readonly outgoing: Uint8Array
  /**
   * Reserves `length` bytes of {@link outgoing}, at most {@link MAX_RESERVE}, and returns their offset. Fill and send them
   * before the next `flush`. `reserve` and `send` flush too when they run out of room, so send one range before reserving
   * another. {@link trim} gives back what was not needed. Throws RangeError.
   */
  reserve(length: number): number
  /** Shortens the range that was reserved last to end at `end`, an offset in {@link outgoing}. */
  trim(end: number): void
  /** Drives `program` from Node's event loop. Returns at once. */
  attach(program: Program): void
  /**
   * Drives `program` until `stop`. The batched loop blocks the thread: until then, no promise, timer or event of Node's
   * happens, and console output is held back.
   */
  run(program: Program): Promise<void>
  /** Ends `run` or `attach` after the current turn. May be called from a handler. */
  stop(): void
  /**
   * With `attach`, for a program whose state has changed outside the loop's calls: sends what it queued, and asks for
   * `nextTimeout` again, within this turn of the event loop. `send` does so by itself.
   */
  poke(): void
  /** Sums over all sockets since the start. */
  stats(): UdpStats
  /** Stops and closes every socket. May be called twice. */
  close(): void
}
