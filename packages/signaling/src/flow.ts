/** What of an Engine.IO connection is watched. */
export interface Flowing {
  /** All that waits was handed to the transport. */
  on(event: 'flush', listener: () => void): unknown
  /** A packet is about to wait for the transport. */
  on(event: 'packetCreate', listener: (packet: { type: string }) => void): unknown
  /** A ping was answered. */
  on(event: 'heartbeat', listener: () => void): unknown
  close(discard: boolean): unknown
}

export interface FlowOptions {
  now(): number
  /** The number of the newest event. */
  last(): number
  /** Everything up to this number has reached the client. */
  arrived(n: number): void
}

/** How long a client may take nothing of what waits for it, ms. */
const stallMs = 10_000

/**
 * Learns from pings what has arrived: their answers come after everything that was sent before them. Closes a connection
 * that takes nothing for too long, even if it answers: a client that does not read must not fill the memory.
 */
export function watchFlow(connection: Flowing, { now, last, arrived }: FlowOptions): void {
  let pinged = 0
  let waitingSince: number | undefined
  connection.on('packetCreate', ({ type }) => {
    if (type === 'ping') pinged = last()
    waitingSince ??= now()
    if (now() - waitingSince > stallMs) connection.close(true)
  })
  connection.on('flush', () => {
    waitingSince = undefined
  })
  connection.on('heartbeat', () => arrived(pinged))
}
