/** The part of an Engine.IO connection that is watched. */
export interface WatchedConnection {
  /** `writable` is true when everything that it was given has been sent. */
  readonly transport: { readonly writable: boolean }
  /** Everything that waited has been handed to the transport. */
  on(event: 'flush', listener: (packets: readonly Packet[]) => void): unknown
  /** A packet is about to be queued for the transport, or has been received. */
  on(event: 'packetCreate' | 'packet', listener: (packet: Packet) => void): unknown
  close(discard: boolean): unknown
}

interface Packet {
  readonly type: string
  readonly data?: { readonly length: number }
}

export interface BackpressureOptions {
  now(): number
  /** Whether too many bytes wait for all connections of this source together. */
  crowded(): boolean
  /** The connection is given up. */
  gaveUp(): void
}

/** Is told which events have reached the client. */
export interface DeliveryListener {
  /** The number of the newest event. */
  last(): number
  /** Everything up to this number has reached the client. */
  arrived(n: number): void
}

/** How long a client may leave everything that waits for it unread, ms. */
const stallMs = 10_000
/** How many bytes may wait for one client; checked before each message. */
export const queueBytes = 2 * 1024 * 1024
/** A connection for which fewer bytes wait than this is never closed because its source has too many waiting in all. */
export const innocentBytes = 128 * 1024

/**
 * Counts the bytes that wait for one client. Closes the connection of a client that does not read, for too long or with too
 * much waiting, even if it still answers, so that it cannot fill the memory. Learns from pings what has arrived, since a pong
 * comes after everything that was sent before its ping. A pong without a ping is a lie, and closes the connection as well.
 */
export class Backpressure {
  readonly #connection: WatchedConnection
  readonly #options: BackpressureOptions
  #queued = 0
  #written = 0
  #waitingSince: number | undefined
  #listener: DeliveryListener | undefined
  #pinged = 0
  #asked = false

  constructor(connection: WatchedConnection, options: BackpressureOptions) {
    this.#connection = connection
    this.#options = options
    connection.on('packetCreate', packet => this.#add(packet))
    connection.on('flush', packets => this.#flushed(packets))
    connection.on('packet', packet => {
      if (packet.type === 'pong') this.#answered()
    })
  }

  /** Roughly how many bytes wait for the client. */
  get queued(): number {
    return this.#connection.transport.writable ? 0 : this.#queued
  }

  /** Roughly how many bytes have been written to the client so far. */
  get written(): number {
    return this.#written
  }

  notify(listener: DeliveryListener): void {
    this.#listener = listener
  }

  #add({ type, data }: Packet): void {
    const now = this.#options.now()
    if (type === 'ping') this.#pinged = this.#listener?.last() ?? 0
    if (this.#connection.transport.writable) {
      this.#queued = 0
      this.#waitingSince = undefined
    }
    this.#waitingSince ??= now
    if (this.#isDeaf(now)) this.#giveUp()
    const bytes = data?.length ?? 0
    this.#queued += bytes
    this.#written += bytes
  }

  #flushed(packets: readonly Packet[]): void {
    this.#waitingSince = undefined
    if (packets.some(({ type }) => type === 'ping')) this.#asked = true
  }

  #answered(): void {
    if (!this.#asked) {
      this.#giveUp()
      return
    }
    this.#asked = false
    this.#listener?.arrived(this.#pinged)
  }

  #isDeaf(now: number): boolean {
    if (this.#waitingSince !== undefined && now - this.#waitingSince > stallMs) return true
    if (this.#queued > queueBytes) return true
    return this.#queued > innocentBytes && this.#options.crowded()
  }

  #giveUp(): void {
    this.#options.gaveUp()
    this.#connection.close(true)
  }
}
