// Our TURN server as a process of its own: one thread, one loop. Arguments: the port, and certificate and key for TLS.
import { readFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { createServer as createTls } from 'node:tls'
import { IpAddress } from '@parley/net'
import {
  PeerPolicy,
  proxyHeader,
  readProxyHeader,
  StreamClient,
  staticUsers,
  TurnServer,
  UdpClients,
} from '@parley/turn'
import { Address, createLoop } from '@parley/udp'

const [port = '', cert = '', key = ''] = process.argv.slice(2)
const path = join(tmpdir(), `parley-bench-${process.pid}.sock`)
const loop = createLoop({ onError: error => console.error(error), urgent: true })
const server = new TurnServer({
  credentials: staticUsers(new Map([['ann', 'secret']])),
  policy: new PeerPolicy({ allow: ['127.0.0.1'] }, []),
  relays: {
    addresses: [{ bind: '127.0.0.1', announce: IpAddress.parse('127.0.0.1') }],
    range: [20_000, 29_999],
    open: options => loop.open(options),
  },
  quotas: { perUser: 0, perSource: 0, total: 0, bandwidthBps: 0 },
  wallClock: Date.now,
})
const clients = new UdpClients(server)
loop.open({
  address: '127.0.0.1',
  port: Number(port),
  receiveBufferBytes: 4 << 20,
  sendBufferBytes: 4 << 20,
  onDatagram: (datagram, now) => clients.receive(datagram, now),
})

/** As the product does it: UDP in a loop that holds its thread, or streams on Node's event loop. */
if (cert === '') await loop.run(server)
else serveStreams()

function serveStreams(): void {
  loop.attach(server)
  const client = (socket: Socket, address: Address, transport: 'tcp' | 'tls') =>
    new StreamClient(socket, { server, loop, client: address, transport })
  createServer({ noDelay: true }, socket =>
    client(socket, Address.parse(socket.remoteAddress ?? '', socket.remotePort ?? 0), 'tcp'),
  ).listen(Number(port), '127.0.0.1')
  // TLS is taken off, and the stream goes on over a local socket: in the product to another process.
  createServer(socket =>
    socket.once('data', first => {
      const header = readProxyHeader(first)
      if (header.is !== 'whole' || !header.client) throw new Error('no header')
      socket.pause()
      if (first.length > header.consumed) socket.unshift(first.subarray(header.consumed))
      client(socket, header.client, 'tls')
      socket.resume()
    }),
  ).listen(path)
  createTls({ cert: readFileSync(cert), key: readFileSync(key) }, socket => {
    socket.setNoDelay(true)
    const inner = connect({ path, noDelay: true })
    const from = Address.parse(socket.remoteAddress ?? '', socket.remotePort ?? 0)
    inner.write(proxyHeader({ from, to: Address.parse('127.0.0.1', Number(port) + 1) }))
    const over = () => {
      socket.destroy()
      inner.destroy()
    }
    pipeline(socket, inner, over)
    pipeline(inner, socket, over)
  }).listen(Number(port) + 1, '127.0.0.1')
}
