import type { Address } from './address/address.ts'
import type { UdpStats } from './stats.ts'

/** Bytes in front of and behind every received datagram that its handler may write to, and send. */
export const HEADROOM = 64
export const TAILROOM = 64

/** The most that can be reserved at once (`Loop.reserve`). */
export const MAX_RESERVE = 65_536

/** The largest payload of a UDP datagram over IPv4. */
export const MAX_PAYLOAD = 65_507

/**
 * A received datagram. The object and its bytes are the handler's until it returns; what is to stay must be copied. The
 * one exception: bytes given to `send` are the loop's until it has sent them, and must not be written to any more.
 */
export interface Datagram {
  /** The payload lies from `start` to `end`; {@link HEADROOM} bytes before and {@link TAILROOM} behind are free. */
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  readonly from: Address
  readonly socket: UdpSocket
}

/** An ICMP error that came for an earlier datagram (ip(7), IP_RECVERR); `type` and `code` are ICMP's or ICMPv6's. */
export interface IcmpError {
  readonly version: 4 | 6
  readonly type: number
  readonly code: number
  /** The path's MTU, with "fragmentation needed" and "packet too big"; else 0. */
  readonly mtu: number
  /** Whom the datagram was for. */
  readonly to: Address
}

export interface OpenOptions {
  /** The local address, in text: `0.0.0.0`, `::`, `192.168.1.20`, `fe80::1%eth0`. It decides between IPv4 and IPv6. */
  readonly address: string
  /** 0, the default: any free port. */
  readonly port?: number
  /** With `::`: carry IPv4, too. Its addresses look as on an IPv4 socket. */
  readonly dual?: boolean
  /** SO_RCVBUF and SO_SNDBUF in bytes; what the kernel made of it is in `UdpSocket.buffers`. */
  readonly receiveBufferBytes?: number
  readonly sendBufferBytes?: number
  /** Called for each datagram, with the loop's time. What it throws goes to the loop's `onError`. */
  readonly onDatagram: (datagram: Datagram, now: number) => void
  /** Called for each ICMP error, where the loop's `features.icmp` says so. */
  readonly onIcmp?: (error: IcmpError, now: number) => void
}

/** A bound datagram socket. Nothing that comes from the network ever closes it. */
export interface UdpSocket {
  readonly local: Address
  /** Whether it carries IPv4, too, though its own address is IPv6. */
  readonly dual: boolean
  readonly closed: boolean
  /** The kernel's buffers, in the bytes that it counts: Linux doubles what was asked for. */
  readonly buffers: { readonly receive: number; readonly send: number }
  /**
   * Queues `bytes` from `start` to `end`; the loop sends at the end of its turn, in order for each receiver. Received
   * bytes are sent from where they lie (see {@link Datagram}); any others are copied and may be reused at once.
   * Returns false if it cannot go out here, and counts that (`UdpStats.refused`, `blocked`). Throws RangeError when the
   * range is not inside `bytes`.
   */
  send(bytes: Uint8Array, start: number, end: number, to: Address): boolean
  /** Whether what is sent from now on may not be fragmented (RFC 8656 §15). False if this loop cannot do that. */
  setDontFragment(on: boolean): boolean
  stats(): UdpStats
  /** Sends what is queued, then closes. No handler is called afterwards. May be called twice. */
  close(): void
}

/** What a loop drives: the protocol cores behind the sockets. What these methods throw goes to the loop's `onError`. */
export interface Program<Message = unknown> {
  /** When `handleTimeout` is due, on the clock of `now`; Infinity: never. Asked after everything that happens. */
  nextTimeout(): number
  handleTimeout(now: number): void
  /** Called for each message that came by the loop's control port. */
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
    /** Runs of equal sizes to one receiver leave with one system call's work (UDP_SEGMENT). */
    readonly segmentation: boolean
  }
  /** Milliseconds on a clock that only goes forward, its zero being arbitrary. */
  now(): number
  /** Opens and binds at once. Throws UdpError, or RangeError for options that make no sense. */
  open(options: OpenOptions): UdpSocket
  /** Sends what is queued now, without waiting for the end of the turn. */
  flush(): void
  /**
   * Memory to write datagrams into, from the offset that {@link reserve} returns: given to `send` as this very object,
   * they are sent without a copy.
   */
  readonly outgoing: Uint8Array
  /**
   * Reserves `length` bytes of {@link outgoing}, at most {@link MAX_RESERVE}, and returns their offset. They are the
   * caller's to fill and send until the next `flush`; without room, `reserve` and `send` flush, too: so send one range
   * before reserving another. Throws RangeError. {@link trim} gives back what was not needed.
   */
  reserve(length: number): number
  /** Ends the range that was reserved last at `end`, an offset in {@link outgoing}: the rest is free again. */
  trim(end: number): void
  /** Drives `program` from Node's event loop and returns at once. */
  attach(program: Program): void
  /**
   * Drives `program` until `stop`. The batched loop holds the thread: no promise, timer or event of Node's happens
   * until then, and console output waits.
   */
  run(program: Program): Promise<void>
  /** Ends `run` or `attach` after the present turn. May be called from a handler. */
  stop(): void
  /**
   * For a program whose state changed outside of the loop's calls, with `attach`: what it queued is sent, and
   * `nextTimeout` is asked again, within this turn of the event loop. `send` does so by itself.
   */
  poke(): void
  /** Sums of all sockets since the start. */
  stats(): UdpStats
  /** Stops and closes every socket. May be called twice. */
  close(): void
}
