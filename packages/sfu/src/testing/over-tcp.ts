import { connect } from 'node:net'
import { packetKindAt } from '@parley/stun'
import { Address, type Loop, type UdpSocket } from '@parley/udp'
import { FrameReader, putFrameLength } from '../tcp/framing.ts'
import type { SfuClientOptions } from './sfu-client.ts'

/**
 * For clients that come by ICE-TCP (RFC 6544): as the loop, but what they open are streams to `server`, each from the
 * client's own address.
 *
 * @example
 * new SfuClient({ loop: overTcp(loop, server), server, address: '127.0.0.2', dtls, remote })
 */
export function overTcp(
  loop: Pick<Loop, 'now' | 'stats' | 'outgoing' | 'reserve' | 'trim'>,
  server: Address,
): SfuClientOptions['loop'] {
  return {
    get outgoing() {
      return loop.outgoing
    },
    reserve: length => loop.reserve(length),
    trim: end => loop.trim(end),
    open({ address = '127.0.0.1', onDatagram }) {
      const stream = connect({ port: server.port, host: server.host, localAddress: address })
      stream.on('error', () => stream.destroy())
      const reader = new FrameReader({
        maxFrameBytes: 2048,
        onOversized: () => stream.destroy(),
        onFrame: (bytes, start, end) => {
          const frame = { bytes: bytes.slice(start, end), start: 0, end: end - start, from: server, socket }
          onDatagram(frame, loop.now())
        },
      })
      stream.on('data', chunk => reader.push(chunk))
      const socket: UdpSocket = {
        local: Address.parse(address, 9),
        dual: false,
        closed: false,
        buffers: { receive: 0, send: 0 },
        setDontFragment: () => true,
        stats: () => loop.stats(),
        close: () => stream.destroySoon(),
        send(bytes, start, end) {
          const frame = Buffer.alloc(2 + end - start)
          frame.set(bytes.subarray(start, end), putFrameLength(frame, 0, end - start))
          return stream.write(frame)
        },
      }
      return socket
    },
  }
}

/** For clients that begin handshakes and go no further: as `loop`, but they hear no DTLS. */
export function withoutDtls(loop: SfuClientOptions['loop']): SfuClientOptions['loop'] {
  return {
    ...loop,
    open: ({ onDatagram, ...rest }) =>
      loop.open({
        ...rest,
        onDatagram(datagram, now) {
          if (packetKindAt(datagram.bytes, datagram.start, datagram.end) === 'stun') onDatagram(datagram, now)
        },
      }),
  }
}
