/** What of an Engine.IO connection is watched. */
export interface Flowing {
  /** Something was handed to the transport. */
  on(event: 'flush', listener: () => void): unknown
  /** A packet is about to be sent. */
  on(event: 'packetCreate', listener: (packet: { type: string }) => void): unknown
  /** A ping was answered. */
  on(event: 'heartbeat', listener: () => void): unknown
  close(discard: boolean): unknown
}

export interface FlowOutput {
  /** The number of the newest event. */
  last(): number
  /** Everything up to this number has reached the client. */
  arrived(n: number): void
}

/**
 * Learns from pings what has arrived: their answers come after everything that was sent before them. Closes a connection
 * on which nothing could be sent for a whole interval: a client that does not read must not fill the memory.
 */
export function watchFlow(connection: Flowing, { last, arrived }: FlowOutput): void {
  let pinged = 0
  let flowing = true
  connection.on('flush', () => {
    flowing = true
  })
  connection.on('packetCreate', ({ type }) => {
    if (type !== 'ping') return
    pinged = last()
    if (!flowing) connection.close(true)
    flowing = false
  })
  connection.on('heartbeat', () => arrived(pinged))
}
