import { createServer, type Socket } from 'node:net'
import { IpAddress } from '@parley/net'
import { NodeTcpPort, PeerPolicy, StreamClient, staticUsers, TurnServer, UdpClients } from '@parley/turn'
import { Address, createLoop } from '@parley/udp'

/** A TURN server in this process, over UDP and TCP on one port of 127.0.0.1, for user `ann`, password `secret`. */
export interface LocalTurn {
  readonly port: number
  readonly server: TurnServer
  /** What handlers threw. */
  readonly errors: readonly unknown[]
  close(): Promise<void>
}

export async function startTurn(): Promise<LocalTurn> {
  const errors: unknown[] = []
  const loop = createLoop({ onError: error => errors.push(error) })
  const loopback = { bind: '127.0.0.1', announce: IpAddress.parse('127.0.0.1') }
  const server = new TurnServer({
    credentials: staticUsers(new Map([['ann', 'secret']])),
    policy: new PeerPolicy({ allow: ['127.0.0.1'] }, []),
    relays: {
      addresses: [loopback],
      range: [42_000, 44_999],
      open: options => loop.open({ receiveBufferBytes: 1 << 20, ...options }),
    },
    quotas: { perUser: 0, perSource: 0, total: 0, bandwidthBps: 0 },
    tcp: { port: new NodeTcpPort(loop), peerPorts: [[1, 65_535]] },
    wallClock: Date.now,
    realm: 'turn',
  })
  const clients = new UdpClients(server)
  const socket = loop.open({
    address: '127.0.0.1',
    receiveBufferBytes: 4 << 20,
    sendBufferBytes: 4 << 20,
    onDatagram: (datagram, now) => clients.receive(datagram, now),
  })
  const { port } = socket.local
  const sockets = new Set<Socket>()
  const tcp = createServer({ noDelay: true }, stream => {
    sockets.add(stream)
    stream.once('close', () => sockets.delete(stream))
    const client = Address.parse(stream.remoteAddress ?? '', stream.remotePort ?? 0)
    new StreamClient(stream, { server, loop, client, transport: 'tcp' })
  })
  await new Promise<void>((resolve, reject) => {
    tcp.once('error', reject)
    tcp.listen(port, '127.0.0.1', resolve)
  })
  loop.attach(server)
  return {
    port,
    server,
    errors,
    close: async () => {
      for (const stream of sockets) stream.destroy()
      await new Promise(resolve => tcp.close(resolve))
      server.close()
      loop.close()
    },
  }
}
