import { IpAddress, sourceKey } from '@parley/net'
import { turn } from '@parley/stun'
import { Address, createLoop } from '@parley/udp'
import { describe, expect, it } from 'vitest'
import { FakeNet } from '../testing/fake-net.ts'
import { attr, udpTransport } from '../testing/test-client.ts'
import { own, TestSite } from '../testing/test-server.ts'
import { PeerPolicy } from './peer-policy.ts'
import { RelayRegistry } from './relay-registry.ts'

const v6 = attr(turn.requestedAddressFamily, 6)

describe('data between client and peer', () => {
  it.each(['udp', 'tcp'] as const)('goes both ways in indications, over %s', transport => {
    const site = new TestSite()
    const client = site.client('1.1.1.1:1', transport)
    const address = client.allocate()
    const peer = site.net.peer('8.8.8.8', 8)
    expect(client.permit('8.8.8.8:0')).toBe('ok')
    client.sendTo('8.8.8.8:8', 'hello')
    expect(peer.got).toEqual([{ text: 'hello', from: address.key }])
    peer.say('hi', address)
    expect(client.got).toEqual([{ via: '8.8.8.8:8', text: 'hi' }])
    expect(site.server.counters()).toMatchObject({ relayedPackets: 2, relayedBytes: 7, unpermitted: 0 })
  })

  it('goes both ways on a channel, which permits by itself', () => {
    const site = new TestSite()
    const client = site.client()
    const address = client.allocate(v6)
    const peer = site.net.peer('2600::8', 8)
    expect(client.bind(0x7fff, '[2600::8]:8')).toBe('ok')
    client.sendOn(0x7fff, 'a')
    client.sendOn(0x7fff, '')
    expect(peer.got.map(({ text }) => text)).toEqual(['a', ''])
    peer.say('hi', address)
    expect(client.got).toEqual([{ via: 0x7fff, text: 'hi' }])
    site.net.peer('2600::8', 9).say('another port, no channel', address)
    expect(client.got[1]?.via).toBe('[2600::8]:9')
  })

  it('takes all lengths, and pads as it must', () => {
    const site = new TestSite()
    const client = site.client()
    const address = client.allocate()
    const peer = site.net.peer('8.8.8.8', 8)
    client.permit('8.8.8.8:0')
    for (let length = 0; length < 9; length++) {
      client.sendTo('8.8.8.8:8', 'x'.repeat(length))
      peer.say('y'.repeat(length), address)
    }
    expect(peer.got.map(({ text }) => text.length)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(client.got.map(({ text }) => text)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8].map(n => 'y'.repeat(n)))
  })

  it('is sent whole with DONT-FRAGMENT, and otherwise not', () => {
    const site = new TestSite()
    const client = site.client()
    client.allocate()
    client.permit('8.8.8.8:0')
    client.sendTo('8.8.8.8:8', 'whole', true)
    client.sendTo('8.8.8.8:8', 'may be cut')
    expect([...site.net.sockets.values()][0]?.whole).toEqual([true, false])
  })

  it('is dropped without permission, allocation or channel, and counted', () => {
    const site = new TestSite()
    const client = site.client()
    client.sendTo('8.8.8.8:8', 'no allocation')
    const address = client.allocate()
    client.sendTo('8.8.8.8:8', 'no permission')
    client.sendOn(0x4000, 'no channel')
    site.net.peer('8.8.8.8', 8).say('no permission', address)
    expect(site.net.outside).toEqual([])
    expect(client.got).toEqual([])
    expect(site.server.counters()).toMatchObject({ malformed: 2, unpermitted: 2, relayedPackets: 0 })
  })

  it('is limited to the bandwidth of its user', () => {
    const site = new TestSite({ quotas: { perUser: 0, perSource: 0, total: 0, bandwidthBps: 8000 } })
    const client = site.client()
    const address = client.allocate()
    const peer = site.net.peer('8.8.8.8', 8)
    client.permit('8.8.8.8:0')
    for (let i = 0; i < 3; i++) client.sendTo('8.8.8.8:8', 'x'.repeat(400))
    peer.say('y'.repeat(400), address)
    expect([peer.got.length, client.got.length, site.server.counters().overBandwidth]).toEqual([2, 0, 2])
    site.pass(1)
    peer.say('y'.repeat(400), address)
    expect(client.got.length).toBe(1)
  })
})

describe('ICMP errors', () => {
  it('of a permitted peer are told, without data', () => {
    const site = new TestSite()
    const client = site.client()
    client.allocate()
    client.permit('8.8.8.8:0')
    const [socket] = [...site.net.sockets.values()]
    socket?.icmp({ type: 3, code: 4, mtu: 1280, to: Address.parse('8.8.8.8', 8) })
    const [told] = client.icmp
    const peer = told?.get(turn.xorPeerAddress)
    expect(`${peer?.address}:${peer?.port}`).toBe('8.8.8.8:8')
    expect(told?.get(turn.icmp)).toEqual({ type: 3, code: 4, data: 1280 })
    expect(told?.has(turn.data)).toBe(false)
  })

  it('of others, of other types, and of this machine are not', () => {
    const site = new TestSite()
    const client = site.client()
    client.allocate()
    client.permit('8.8.8.8:0', `${own.ipv4}:0`)
    const [socket] = [...site.net.sockets.values()]
    socket?.icmp({ type: 3, code: 3, mtu: 0, to: Address.parse('7.7.7.7', 8) })
    socket?.icmp({ type: 5, code: 0, mtu: 0, to: Address.parse('8.8.8.8', 8) })
    socket?.icmp({ type: 3, code: 3, mtu: 0, to: Address.parse(own.ipv4, 8) })
    expect(client.icmp).toEqual([])
    socket?.icmp({ type: 11, code: 0, mtu: 0, to: Address.parse('8.8.8.8', 8) })
    expect(client.icmp.length).toBe(1)
  })

  it.runIf(process.platform === 'linux')('come from the kernel', async () => {
    const loop = createLoop({
      onError(error) {
        throw error
      },
    })
    const gone = loop.open({ address: '127.0.0.1', onDatagram: () => {} })
    gone.close()
    const site = new TestSite({
      policy: new PeerPolicy({ allow: ['127.0.0.1'] }, []),
      relays: {
        addresses: [{ bind: '127.0.0.1', announce: IpAddress.parse('127.0.0.1') }],
        open: options => loop.open(options),
      },
    })
    loop.attach(site.server)
    site.net.now = loop.now()
    const client = site.client()
    client.allocate()
    client.permit('127.0.0.1:0')
    client.sendTo(gone.local.key, 'anybody there?')
    await expect.poll(() => client.icmp[0]?.get(turn.icmp)).toEqual({ type: 3, code: 3, data: 0 })
    loop.close()
  })
})

describe('permissions', () => {
  it('end after five minutes, and are renewed', () => {
    const site = new TestSite()
    const client = site.client()
    const address = client.allocate(attr(turn.lifetime, 3600))
    const peer = site.net.peer('8.8.8.8', 8)
    client.permit('8.8.8.8:0')
    site.pass(299)
    client.sendTo('8.8.8.8:8', '1')
    expect(client.permit('8.8.8.8:0')).toBe('ok')
    site.pass(299)
    peer.say('2', address)
    site.pass(2)
    client.sendTo('8.8.8.8:8', 'too late')
    peer.say('too late', address)
    expect([peer.got.length, client.got.length]).toEqual([1, 1])
  })

  it('are all given or none', () => {
    const site = new TestSite()
    const client = site.client()
    client.allocate()
    expect(client.permit('8.8.8.8:0', '10.0.0.1:0')).toBe(403)
    client.sendTo('8.8.8.8:8', 'x')
    expect(site.net.outside).toEqual([])
    expect(client.permit()).toBe(400)
    expect(client.permit('[2600::1]:0')).toBe(443)
    expect(site.client('2.2.2.2:2').permit('8.8.8.8:0')).toBe(437)
  })

  it('are 1,024 at most, until some have ended', () => {
    const site = new TestSite()
    const client = site.client()
    client.allocate(attr(turn.lifetime, 3600))
    const hosts = Array.from({ length: 1024 }, (_, i) => `8.8.${i >> 8}.${i & 255}:0`)
    for (let i = 0; i < hosts.length; i += 64) expect(client.permit(...hosts.slice(i, i + 64))).toBe('ok')
    expect(client.permit('7.7.7.7:0')).toBe(508)
    expect(client.bind(0x4000, '7.7.7.7:7')).toBe(508)
    expect(client.permit('8.8.0.0:0')).toBe('ok')
    site.pass(301)
    expect(client.permit('7.7.7.7:0')).toBe('ok')
  })

  it('that come back after the table was cleared serve the channel that is bound', () => {
    const site = new TestSite()
    const client = site.client()
    client.allocate(attr(turn.lifetime, 3600))
    client.bind(0x4000, '7.7.7.7:7')
    site.pass(301)
    const hosts = Array.from({ length: 1023 }, (_, i) => `8.8.${i >> 8}.${i & 255}:0`)
    for (let i = 0; i < hosts.length; i += 93) expect(client.permit(...hosts.slice(i, i + 93))).toBe('ok')
    expect(client.permit('6.6.6.6:0', '5.5.5.5:0')).toBe(508)
    client.sendOn(0x4000, 'no permission')
    expect(site.net.outside).toEqual([])
    expect(client.permit('7.7.7.7:0')).toBe('ok')
    client.sendOn(0x4000, 'permission')
    expect(site.net.outside.map(({ to }) => to)).toEqual(['7.7.7.7:7'])
  })
})

describe('channels', () => {
  it('are bound to one peer, and a peer to one channel', () => {
    const client = new TestSite().client()
    client.allocate()
    expect(client.bind(0x4000, '8.8.8.8:8')).toBe('ok')
    expect(client.bind(0x4000, '8.8.8.8:8')).toBe('ok')
    expect(client.bind(0x4000, '8.8.8.8:9')).toBe(400)
    expect(client.bind(0x4001, '8.8.8.8:8')).toBe(400)
    expect(client.bind(0x4001, '8.8.8.8:9')).toBe('ok')
  })

  it('are 0x4000 to 0x7FFF', () => {
    const client = new TestSite().client()
    client.allocate()
    expect([0x3fff, 0x8000, 0xffff, 0].map(number => client.bind(number, '8.8.8.8:8'))).toEqual([400, 400, 400, 400])
    expect([0x4000, 0x4fff, 0x5000, 0x7fff].map(number => client.bind(number, `8.8.8.8:${number}`))).toEqual([
      'ok',
      'ok',
      'ok',
      'ok',
    ])
    expect(client.ask('channelBind', attr(turn.channelNumber, 0x4005))).toBe(400)
  })

  it('last ten minutes, their permission five; then both number and peer are free', () => {
    const site = new TestSite()
    const client = site.client()
    client.allocate(attr(turn.lifetime, 3600))
    const peer = site.net.peer('8.8.8.8', 8)
    client.bind(0x4000, '8.8.8.8:8')
    site.pass(301)
    client.sendOn(0x4000, 'no permission')
    client.permit('8.8.8.8:0')
    client.sendOn(0x4000, 'permission again')
    expect(peer.got.map(({ text }) => text)).toEqual(['permission again'])
    site.pass(298)
    expect(client.bind(0x4001, '8.8.8.8:8')).toBe(400)
    site.pass(2)
    client.sendOn(0x4000, 'no channel')
    expect(peer.got.length).toBe(1)
    expect([client.bind(0x4001, '8.8.8.8:8'), client.bind(0x4000, '8.8.8.8:9')]).toEqual(['ok', 'ok'])
  })
})

describe('two relayed addresses of one server', () => {
  it.each([
    ['udp', 'udp'],
    ['tcp', 'udp'],
    ['udp', 'tcp'],
  ] as const)('are joined inside, with right addresses: %s and %s', (one, other) => {
    const site = new TestSite()
    const ann = site.client('1.1.1.1:1', one)
    const bob = site.client('2.2.2.2:2', other)
    const [annAt, bobAt] = [ann.allocate(), bob.allocate()]
    ann.permit(bobAt.key)
    ann.sendTo(bobAt.key, 'bob does not permit that')
    expect(bob.got).toEqual([])
    bob.bind(0x4000, annAt.key)
    ann.sendTo(bobAt.key, 'hello')
    bob.sendOn(0x4000, 'hi')
    ann.bind(0x4abc, bobAt.key)
    bob.sendOn(0x4000, 'again')
    expect(bob.got).toEqual([{ via: 0x4000, text: 'hello' }])
    expect(ann.got).toEqual([
      { via: bobAt.key, text: 'hi' },
      { via: 0x4abc, text: 'again' },
    ])
    expect(site.server.counters().joinedPackets).toBe(3)
  })
})

describe('two servers of one machine', () => {
  function servers(bind: string) {
    const net = new FakeNet()
    const registry = new RelayRegistry()
    const site = (memory: SharedArrayBuffer) =>
      new TestSite(
        {
          policy: new PeerPolicy({}, [own.ipv4, bind]),
          relays: {
            addresses: [{ bind, announce: IpAddress.parse(own.ipv4) }],
            registry: new RelayRegistry(memory),
          },
        },
        net,
      )
    return { net, registry, one: site(registry.memory), other: site(registry.memory) }
  }

  it.each(['10.0.0.5', own.ipv4])('relay to each other through the kernel at %s, and to nothing else there', bind => {
    const { net, registry, one, other } = servers(bind)
    const ann = one.client('1.1.1.1:1')
    const bob = other.client('2.2.2.2:2')
    const [annAt, bobAt] = [ann.allocate(), bob.allocate()]
    ann.permit(bobAt.key)
    bob.bind(0x4000, annAt.key)
    ann.sendTo(bobAt.key, 'hello')
    bob.sendOn(0x4000, 'hi')
    expect(bob.got).toEqual([{ via: 0x4000, text: 'hello' }])
    expect(ann.got).toEqual([{ via: bobAt.key, text: 'hi' }])

    const canary = net.peer(bind, 45_678)
    ann.sendTo(`${own.ipv4}:45678`, 'chirp')
    expect(ann.bind(0x4001, `${own.ipv4}:45678`)).toBe('ok')
    ann.sendOn(0x4001, 'chirp')
    for (const { port } of [annAt, bobAt]) canary.say('from this machine, but no relay', Address.parse(bind, port))
    expect([canary.got, net.outside, ann.got.length, bob.got.length]).toEqual([[], [], 1, 1])

    bob.refresh(0)
    expect([registry.has(0, annAt.port), registry.has(0, bobAt.port), registry.has(1, annAt.port)]).toEqual([
      true,
      false,
      false,
    ])
    const stranger = net.peer(bind, bobAt.port)
    ann.sendTo(bobAt.key, 'to whoever took the port')
    expect(stranger.got).toEqual([])
  })

  it.each(['10.0.0.5', '0.0.0.0', own.ipv4])(
    'know who stands behind each other’s relays at %s, while they last',
    bind => {
      const { one, other } = servers(bind)
      const ann = one.client('1.1.1.1:1')
      const kernel = bind === '0.0.0.0' ? own.ipv4 : bind
      const pair = ann.request('allocate', udpTransport, attr(turn.evenPort, true))
      const port = pair.get(turn.xorRelayedAddress)?.port ?? 0
      const token = attr(turn.reservationToken, pair.get(turn.reservationToken) ?? new Uint8Array())
      const behind = (at: number) => {
        const client = other.server.clientBehind(Address.parse(kernel, at))
        return client && sourceKey(client)
      }
      expect([port - 1, port, port + 1, port + 2].map(behind)).toEqual([undefined, '1.1.1.1', '1.1.1.1', undefined])
      one.client('[2001:db8::7]:2').allocate(token)
      expect([port, port + 1].map(behind)).toEqual(['1.1.1.1', '2001:db8::/64'])
      expect(other.server.clientBehind(Address.parse('8.8.8.8', port))).toBeUndefined()
      ann.refresh(0)
      expect([port, port + 1].map(behind)).toEqual([undefined, '2001:db8::/64'])
    },
  )

  it('still ask for permission', () => {
    const { one, other } = servers('10.0.0.5')
    const [ann, bob] = [one.client('1.1.1.1:1'), other.client('2.2.2.2:2')]
    const bobAt = bob.allocate()
    ann.allocate()
    ann.permit(bobAt.key)
    ann.sendTo(bobAt.key, 'not permitted')
    expect(bob.got).toEqual([])
  })
})
