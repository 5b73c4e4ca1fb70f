/** What of an Engine.IO connection is watched. */
export interface Flowing {
  /** `writable`: everything it was given has left. */
  readonly transport: { readonly writable: boolean }
  /** All that waits was handed to the transport. */
  on(event: 'flush', listener: (packets: readonly Packet[]) => void): unknown
  /** A packet is about to wait for the transport, or has come. */
  on(event: 'packetCreate' | 'packet', listener: (packet: Packet) => void): unknown
  close(discard: boolean): unknown
}

interface Packet {
  readonly type: string
  readonly data?: { readonly length: number }
}

export interface FlowOptions {
  now(): number
  /** Whether all connections of this source together are owed too much. */
  crowded(): boolean
  /** The connection is given up. */
  gaveUp(): void
}

/** Whoever wants to know what has arrived. */
export interface Reader {
  /** The number of the newest event. */
  last(): number
  /** Everything up to this number has reached the client. */
  arrived(n: number): void
}

/** How long a client may take nothing of what waits for it, ms. */
const stallMs = 10_000
/** What may wait for one client before the next message, bytes. */
export const queueBytes = 2 * 1024 * 1024
/** Who is owed less than this pays for no crowd. */
export const innocentBytes = 128 * 1024

/**
 * What waits for one client. Closes a connection whose client does not read, be it too long or too much, even if it
 * answers: it must not fill the memory. Learns from pings what has arrived: their answers come after everything that was sent
 * before them. An answer to a ping that was not sent is a lie, and closes it too.
 */
export class Flow {
  readonly #connection: Flowing
  readonly #options: FlowOptions
  #queued = 0
  #written = 0
  #waitingSince: number | undefined
  #reader: Reader | undefined
  #pinged = 0
  #asked = false

  constructor(connection: Flowing, options: FlowOptions) {
    this.#connection = connection
    this.#options = options
    connection.on('packetCreate', packet => this.#add(packet))
    connection.on('flush', packets => this.#flushed(packets))
    connection.on('packet', packet => {
      if (packet.type === 'pong') this.#answered()
    })
  }

  /** Bytes that wait for the client, about. */
  get queued(): number {
    return this.#connection.transport.writable ? 0 : this.#queued
  }

  /** Bytes written to the client so far, about. */
  get written(): number {
    return this.#written
  }

  tell(reader: Reader): void {
    this.#reader = reader
  }

  #add({ type, data }: Packet): void {
    const now = this.#options.now()
    if (type === 'ping') this.#pinged = this.#reader?.last() ?? 0
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
    this.#reader?.arrived(this.#pinged)
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
