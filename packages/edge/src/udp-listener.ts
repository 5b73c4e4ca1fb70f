import type { Datagram, Loop, UdpSocket } from '@parley/udp'

/** Is shown a datagram; true: it was for them, and is done with. */
export type Taker = (datagram: Datagram, now: number) => boolean

/** Room for what comes and goes while the thread does something else. */
const bufferBytes = 4 << 20

/** Opens a UDP port for several who share it: each datagram is shown to them in turn until one takes it. Throws UdpError. */
export function listenUdp(
  loop: Pick<Loop, 'open'>,
  address: string,
  port: number,
  takers: readonly Taker[],
): UdpSocket {
  return loop.open({
    address,
    port,
    dual: address === '::',
    receiveBufferBytes: bufferBytes,
    sendBufferBytes: bufferBytes,
    onDatagram(datagram, now) {
      // By index: an iterator for each datagram would be felt.
      for (let i = 0; i < takers.length; i++) if (takers[i]!(datagram, now)) return
    },
  })
}
