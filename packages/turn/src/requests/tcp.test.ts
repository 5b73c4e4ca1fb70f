import { stun, transportProtocols, turn } from '@parley/stun'
import { Address } from '@parley/udp'
import { beforeEach, describe, expect, it } from 'vitest'
import { PeerPolicy } from '../server/peer-policy.ts'
import { FakeNet } from '../testing/fake-net.ts'
import { FakeTcp } from '../testing/fake-tcp.ts'
import { at, attr, codeOf, type TestClient, udpTransport } from '../testing/test-client.ts'
import { own, TestSite } from '../testing/test-server.ts'

const tcpTransport = attr(turn.requestedTransport, transportProtocols.tcp)
const peerAt = (text: string) => attr(turn.xorPeerAddress, at(text))

let net: FakeNet
let tcp: FakeTcp
let site: TestSite

beforeEach(() => {
  net = new FakeNet()
  tcp = new FakeTcp(net)
  site = new TestSite({ tcp: tcp.everywhere }, net)
})

function allocate(client: TestClient): Address {
  const relayed = client.request('allocate', tcpTransport).get(turn.xorRelayedAddress)
  if (!relayed) throw new Error('no relayed address')
  return Address.from(relayed.address.bytes, relayed.port)
}

/** The CONNECTION-ID of a Connect, or its error. */
function connect(client: TestClient, peer: string): number {
  const reply = client.request('connect', peerAt(peer))
  return reply.get(turn.connectionId) ?? codeOf(reply)
}

/** Takes a connection on a stream of its own; 0, or the error. */
function bind(id: number, address = '1.2.3.4:6000', username = 'ann') {
  const data = site.client(address, 'tcp')
  data.username = username
  const code = codeOf(data.request('connectionBind', attr(turn.connectionId, id)))
  return { data, code }
}

describe('Allocate for TCP', () => {
  it('listens on a port of its own, as long as the allocation lives', () => {
    const client = site.client('1.2.3.4:5000', 'tcp')
    const relayed = allocate(client)
    expect(relayed.host).toBe(own.ipv4)
    expect([...tcp.doors.keys()]).toEqual([relayed.key])
    expect(net.sockets.size).toBe(0)
    expect(client.refresh(0)).toBe('ok')
    expect(tcp.doors.size).toBe(0)
    expect(site.server.counters().allocations).toBe(0)
  })

  it('is refused over UDP, with attributes of UDP, and where there are no ports', () => {
    expect(site.client('1.1.1.1:1').ask('allocate', tcpTransport)).toBe(400)
    const client = site.client('1.1.1.1:2', 'tls')
    for (const attribute of [
      attr(turn.dontFragment, true),
      attr(turn.evenPort, false),
      attr(turn.reservationToken, new Uint8Array(8)),
    ]) {
      expect(client.ask('allocate', tcpTransport, attribute)).toBe(400)
    }
    tcp.full = true
    expect(client.ask('allocate', tcpTransport)).toBe(508)
    expect(site.server.counters().allocations).toBe(0)
    tcp.full = false
    expect(client.ask('allocate', tcpTransport)).toBe('ok')
  })

  it('takes no channels, and counts for the quota', () => {
    site = new TestSite({ tcp: tcp.everywhere, quotas: { perUser: 1, perSource: 0, total: 0, bandwidthBps: 0 } }, net)
    const client = site.client('1.1.1.1:1', 'tcp')
    allocate(client)
    expect(client.bind(0x4000, '8.8.8.8:8')).toBe(400)
    client.permit('8.8.8.8:8')
    client.sendTo('8.8.8.8:8', 'a datagram')
    expect(net.outside).toEqual([])
    expect(site.client('1.1.1.1:2', 'tcp').ask('allocate', tcpTransport)).toBe(486)
  })
})

describe('where TCP is not relayed', () => {
  it('Allocate is answered 442, over streams and UDP alike; Connect 437, ConnectionBind 400', () => {
    site = new TestSite({}, net)
    for (const way of ['udp', 'tcp', 'tls'] as const) {
      const client = site.client('1.1.1.1:1', way)
      expect(client.ask('allocate', tcpTransport)).toBe(442)
      expect(client.ask('connect', peerAt('8.8.8.8:443'))).toBe(437)
      client.allocate()
      expect(client.ask('connect', peerAt('8.8.8.8:443'))).toBe(437)
      expect(client.ask('connectionBind', attr(turn.connectionId, 1))).toBe(400)
    }
    expect([tcp.doors.size, tcp.accepted.length]).toEqual([0, 0])
  })
})

describe('the ports of peers', () => {
  it('are those that are allowed; of another 403, before anything is connected', () => {
    const peerPorts = [
      [443, 443],
      [1024, 2000],
    ] as const
    site = new TestSite({ tcp: { port: tcp, peerPorts } }, net)
    const client = site.client('1.2.3.4:5000', 'tcp')
    allocate(client)
    for (const port of [25, 465, 587, 22, 80, 442, 444, 1023, 2001, 65_535]) {
      expect(connect(client, `8.8.8.8:${port}`), `${port}`).toBe(403)
    }
    expect(tcp.accepted).toEqual([])
    for (const port of [443, 1024, 2000]) expect(connect(client, `8.8.8.8:${port}`), `${port}`).toBeGreaterThan(1000)
  })
})

describe('Connect', () => {
  it('opens a connection from the relayed address, which another stream of the client takes', () => {
    const client = site.client('1.2.3.4:5000', 'tcp')
    const relayed = allocate(client)
    const id = connect(client, '8.8.8.8:80')
    expect(tcp.accepted).toMatchObject([{ from: relayed.key, to: '8.8.8.8:80' }])
    const { data, code } = bind(id)
    expect(code).toBe(0)
    expect(data.joined).toBe(tcp.accepted[0]?.stream)
    expect(bind(id, '1.2.3.4:6001').code).toBe(400)
  })

  it('answers when the peer has', () => {
    const client = site.client('1.2.3.4:5000', 'tcp')
    allocate(client)
    tcp.slow.add('8.8.8.8:80')
    client.request('refresh')
    expect(client.raw(client.encode('connect', [peerAt('8.8.8.8:80')], true))).toBeUndefined()
    expect(connect(client, '8.8.8.8:80')).toBe(446)
    client.replies.length = 0
    tcp.settle()
    const [reply] = client.replies
    expect([reply?.class, reply?.has(turn.connectionId), reply?.has(stun.messageIntegrity)]).toEqual([
      'success',
      true,
      true,
    ])
  })

  it('says why not', () => {
    const client = site.client('1.2.3.4:5000', 'tcp')
    expect(client.ask('connect', peerAt('8.8.8.8:80'))).toBe(437)
    client.allocate()
    expect(client.ask('connect', peerAt('8.8.8.8:80'))).toBe(437)
    const other = site.client('1.2.3.4:5001', 'tcp')
    allocate(other)
    tcp.refusing.add('8.8.4.4:80')
    expect(other.ask('connect')).toBe(400)
    expect(connect(other, '8.8.8.8:0')).toBe(400)
    expect(connect(other, '[2600::1]:80')).toBe(443)
    expect(connect(other, '10.0.0.1:80')).toBe(403)
    expect(connect(other, `${own.ipv4}:22`)).toBe(403)
    expect(connect(other, '8.8.4.4:80')).toBe(447)
    expect(connect(other, '8.8.4.4:80')).toBe(447)
    connect(other, '8.8.8.8:80')
    expect(connect(other, '8.8.8.8:80')).toBe(446)
  })

  it('has a limit', () => {
    const client = site.client('1.2.3.4:5000', 'tcp')
    allocate(client)
    for (let i = 1; i <= 256; i++) expect(connect(client, `8.8.8.8:${i}`)).toBeGreaterThan(1000)
    expect(connect(client, '8.8.8.8:257')).toBe(447)
  })

  it('of an allocation that ends meanwhile comes to nothing', () => {
    const client = site.client('1.2.3.4:5000', 'tcp')
    allocate(client)
    tcp.slow.add('8.8.8.8:80')
    client.raw(client.encode('connect', [peerAt('8.8.8.8:80')], true))
    client.refresh(0)
    tcp.settle()
    expect(tcp.accepted[0]?.stream.destroyed).toBe(true)
  })
})

describe('a peer that connects', () => {
  it('is announced if it has a permission, and else closed', () => {
    const client = site.client('1.2.3.4:5000', 'tcp')
    const relayed = allocate(client)
    client.permit('8.8.8.8:0')
    client.replies.length = 0
    expect(tcp.knock(relayed, Address.parse('7.7.7.7', 7)).destroyed).toBe(true)
    const stream = tcp.knock(relayed, Address.parse('8.8.8.8', 8))
    const [attempt] = client.attempts
    expect(`${attempt?.get(turn.xorPeerAddress)?.address}:${attempt?.get(turn.xorPeerAddress)?.port}`).toBe('8.8.8.8:8')
    const { data, code } = bind(attempt?.get(turn.connectionId) ?? 0)
    expect([code, data.joined === stream]).toEqual([0, true])
  })

  it('is another relay of ours by the address that the world knows, and nothing else of this machine', () => {
    site = new TestSite(
      {
        tcp: tcp.everywhere,
        policy: new PeerPolicy({}, [own.ipv4, '10.0.0.5']),
        relays: { addresses: [{ bind: '10.0.0.5', announce: at(`${own.ipv4}:0`).address }] },
      },
      net,
    )
    const [ann, bob] = [site.client('1.1.1.1:1', 'tcp'), site.client('2.2.2.2:2', 'tcp')]
    const [annAt, bobAt] = [allocate(ann), allocate(bob)]
    ann.permit(bobAt.key)
    expect(connect(bob, annAt.key)).toBeGreaterThan(1000)
    const inside = Address.parse('10.0.0.5', annAt.port)
    expect(tcp.accepted).toMatchObject([{ from: `10.0.0.5:${bobAt.port}`, to: inside.key }])
    tcp.knock(inside, Address.parse('10.0.0.5', bobAt.port))
    const seen = ann.attempts[0]?.get(turn.xorPeerAddress)
    expect(`${seen?.address}:${seen?.port}`).toBe(bobAt.key)
    expect(tcp.knock(inside, Address.parse('10.0.0.5', 22)).destroyed).toBe(true)
    expect(tcp.knock(inside, Address.parse(own.ipv4, 22)).destroyed).toBe(true)
    expect(ann.attempts.length).toBe(1)
  })
})

describe('a connection that nobody takes', () => {
  it('ends after 30 s, and with the allocation', () => {
    const client = site.client('1.2.3.4:5000', 'tcp')
    const relayed = allocate(client)
    client.permit('8.8.8.8:0')
    const id = connect(client, '8.8.8.8:80')
    site.pass(29)
    const later = tcp.knock(relayed, Address.parse('8.8.8.8', 8))
    site.pass(2)
    expect([tcp.accepted[0]?.stream.destroyed, later.destroyed, bind(id).code]).toEqual([true, false, 400])
    site.pass(600)
    expect([later.destroyed, site.server.counters().allocations, tcp.doors.size]).toEqual([true, 0, 0])
    expect(site.server.nextTimeout()).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('ConnectionBind', () => {
  it('is for the user who has the allocation, on a stream that has none', () => {
    const client = site.client('1.2.3.4:5000', 'tcp')
    allocate(client)
    const id = connect(client, '8.8.8.8:80')
    expect(bind(id, '1.2.3.4:6000', 'bob').code).toBe(441)
    expect(client.ask('connectionBind', attr(turn.connectionId, id))).toBe(400)
    expect(site.client('1.2.3.4:6001').ask('connectionBind', attr(turn.connectionId, id))).toBe(400)
    expect(site.client('1.2.3.4:6002', 'tcp').ask('connectionBind')).toBe(400)
    expect(
      site.client('1.2.3.4:6003', 'tcp').ask('connectionBind', attr(turn.connectionId, id === 1 ? 2 : id - 1)),
    ).toBe(400)
    expect(bind(id, '1.2.3.4:6004').code).toBe(0)
  })

  it('takes a nonce that the client has from another stream', () => {
    const client = site.client('1.2.3.4:5000', 'tcp')
    allocate(client)
    const data = site.client('1.2.3.4:6000', 'tcp')
    data.nonce = client.nonce
    expect(data.ask('connectionBind', attr(turn.connectionId, connect(client, '8.8.8.8:80')))).toBe('ok')
    const thief = site.client('1.2.3.5:6000', 'tcp')
    thief.nonce = client.nonce
    expect(thief.ask('allocate', udpTransport)).toBe(438)
  })

  it('gives as many bytes as the user’s bandwidth lets pass', () => {
    site = new TestSite(
      { tcp: tcp.everywhere, quotas: { perUser: 0, perSource: 0, total: 0, bandwidthBps: 80_000 } },
      net,
    )
    const client = site.client('1.2.3.4:5000', 'tcp')
    allocate(client)
    const { data } = bind(connect(client, '8.8.8.8:80'))
    expect([data.admit(4_000), data.admit(60_000), data.admit(1_000)]).toEqual([4_000, 6_000, 0])
    net.now += 500
    expect([data.admit(60_000), data.admit(1)]).toEqual([5_000, 0])
    expect(site.server.counters().relayedBytes).toBe(15_000)
  })
})
